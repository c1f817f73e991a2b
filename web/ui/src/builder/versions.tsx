import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { versionQuery, versionsQuery } from "@/api/queries/workflow";
import { useTranslation } from "@/i18n/texts";
import { Badge } from "@/kit/badge";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { EmptyState, ErrorState, Skeleton } from "@/kit/state";
import { Tabs } from "@/kit/tabs";
import { Time } from "@/kit/time";
import { notify } from "@/kit/toast";
import { DifferenceList } from "./difference-list";
import { definitionOf, describeCondition } from "./model";
import { useBuilder, useBuilderStore } from "./state/store";
import { StepList } from "./step-list";
import { useTitles } from "./titles";

/** The published versions: who, when, with which note; each can be looked at, compared with the draft and restored. */
export function VersionsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("builder");
  const id = useBuilder((s) => s.id);
  const live = useBuilder((s) => s.workflow.live_version);
  const versions = useQuery({ ...versionsQuery(id), staleTime: 0 });
  const [chosen, setChosen] = useState<number>();
  const shown = chosen ?? versions.data?.[0]?.version;
  return (
    <Dialog open onClose={onClose} size="large" title={t("versions.title")} text={t("versions.text")}>
      {versions.isPending ? <Skeleton /> : null}
      {versions.error ? <ErrorState error={versions.error} onRetry={() => void versions.refetch()} /> : null}
      {versions.data?.length === 0 ? <EmptyState title={t("versions.empty")} text={t("versions.emptyText")} /> : null}
      {versions.data && shown !== undefined ? (
        <div className="grid gap-4 md:grid-cols-[17rem_minmax(0,1fr)]">
          <ul
            aria-label={t("versions.title")}
            className="flex max-h-[60dvh] flex-col gap-1 overflow-auto p-0.5 max-md:max-h-48"
          >
            {versions.data.map((v) => (
              <li key={v.version}>
                <button
                  type="button"
                  aria-pressed={v.version === shown}
                  className="flex w-full flex-col gap-0.5 rounded-md border border-line p-2 text-start hover:bg-sunken aria-pressed:border-accent aria-pressed:bg-accent-soft"
                  onClick={() => setChosen(v.version)}
                >
                  <span className="flex flex-wrap items-center gap-2 font-medium">
                    {t("versions.version", { version: v.version })}
                    {v.version === live ? <Badge tone="good">{t("versions.live")}</Badge> : null}
                  </span>
                  <span className="text-sm text-muted">
                    <Time at={v.published_at} /> · {v.published_by || t("versions.unknown")}
                  </span>
                  {v.note ? <span className="text-sm break-words">{v.note}</span> : null}
                </button>
              </li>
            ))}
          </ul>
          <Shown key={shown} version={shown} onClose={onClose} />
        </div>
      ) : null}
    </Dialog>
  );
}

function Shown({ version, onClose }: { version: number; onClose: () => void }) {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const titles = useTitles();
  const id = useBuilder((s) => s.id);
  const doc = useBuilder((s) => s.doc);
  const canEdit = useBuilder((s) => s.canEdit);
  const query = useQuery(versionQuery(id, version));
  if (query.isPending) {
    return <Skeleton />;
  }
  if (query.error) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  const was = definitionOf(query.data);
  function restore() {
    store.getState().edit(t("edit.restore", { version }), () => was);
    notify(t("versions.restored", { version }), {
      action: { label: t("header.undo"), run: () => store.getState().undo() },
    });
    onClose();
  }
  const steps = (
    <div className="flex flex-col gap-2">
      <p>
        {t("publish.starts", {
          trigger: titles.title(was.trigger.type ?? ""),
          condition: describeCondition(was.condition, titles),
        })}
      </p>
      <StepList steps={was.steps} />
    </div>
  );
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-lg font-semibold break-words">{was.name}</h3>
        {canEdit ? <Button onClick={restore}>{t("versions.restore")}</Button> : null}
      </div>
      <Tabs
        label={t("versions.views")}
        tabs={[
          { id: "steps", label: t("versions.steps"), content: steps },
          {
            id: "difference",
            label: t("versions.difference"),
            content: <DifferenceList before={was} after={doc} empty={t("versions.same")} />,
          },
        ]}
      />
    </div>
  );
}
