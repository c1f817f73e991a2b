import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api, tagged } from "@/api/client";
import { versionQuery } from "@/api/queries/workflow";
import { useTranslation } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { TextField } from "@/kit/field";
import { ErrorState, Skeleton } from "@/kit/state";
import { notify } from "@/kit/toast";
import { DifferenceList } from "./difference-list";
import { useFresh } from "./fresh";
import { definitionOf, describeCondition, type Located } from "./model";
import { cancelWaiting, openRuns, waitingIn } from "./open-runs";
import { ProblemList, useShowProblem } from "./problems";
import { OpenRunsChoice } from "./publish-runs";
import { useOther } from "./saved-state";
import { useBuilder, useBuilderStore } from "./state/store";
import { StepList } from "./step-list";
import { useTitles } from "./titles";

/** Shows what publishing changes and whom it affects, then makes the draft live. */
export function PublishDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const client = useQueryClient();
  const navigate = useNavigate();
  const saving = useBuilder((s) => s.saving);
  const blocked = useBuilder((s) => s.problems.length > 0);
  const nothing = useBuilder((s) => s.status === "live" && s.saving === "saved" && !s.workflow.has_unpublished_changes);
  const paused = useBuilder((s) => s.status === "paused");
  const open = openRuns(useBuilder((s) => s.workflow));
  const [note, setNote] = useState("");
  const [cancel, setCancel] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const show = useShowProblem();
  const chosen = useRef<Located>(undefined);
  useFresh();
  useEffect(() => void store.getState().flush(), [store]);
  async function publish() {
    setBusy(true);
    setError(undefined);
    try {
      if (!(await store.getState().flush())) {
        throw store.getState().saveError ?? new Error(t("publish.unsaved"));
      }
      const { id, etag, adopt } = store.getState();
      const answer = await tagged(
        api.POST("/api/v1/workflows/{id}/publish", {
          params: { path: { id }, header: { "If-Match": etag } },
          body: { note },
        }),
      );
      adopt({ workflow: answer.body, etag: answer.etag });
      const cancelled = cancel
        ? await cancelWaiting(
            id,
            open.map((o) => o.version),
          )
        : 0;
      const done = t("publish.done", { version: answer.body.live_version });
      notify(cancelled > 0 ? `${done} ${t("publish.cancelled", { count: cancelled })}` : done, {
        action: {
          label: t("publish.runs"),
          run: () => void navigate({ to: "/runs", search: { workflow_id: id } }),
        },
      });
      announce(done);
      void client.invalidateQueries({ queryKey: ["workflows"] });
      void client.invalidateQueries({ queryKey: ["workflow", id] });
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }
  // The dialog makes way for the field with the problem; the focus goes there once the dialog lets it go.
  function choose(problem: Located) {
    chosen.current = problem;
    onClose();
  }
  function returnFocus() {
    if (chosen.current) {
      show(chosen.current);
    }
    return !chosen.current;
  }
  return (
    <Dialog
      open
      onClose={onClose}
      returnFocus={returnFocus}
      size="medium"
      title={t("publish.title")}
      text={paused ? t("publish.textPaused") : t("publish.text")}
      footer={
        <>
          <Button onClick={onClose}>{t("publish.notYet")}</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={blocked || nothing || saving === "conflict"}
            onClick={() => void publish()}
          >
            {t("publish.confirm")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {error ? <ErrorState error={error} title={t("publish.failed")} /> : null}
        <Findings onChoose={choose} />
        <ByOther />
        <Changes />
        {waitingIn(open) > 0 ? <OpenRunsChoice open={open} cancel={cancel} onChange={setCancel} /> : null}
        <TextField
          label={t("publish.note")}
          help={t("publish.noteHelp")}
          maxLength={500}
          value={note}
          onChange={(e) => setNote(e.target.value)}
        />
      </div>
    </Dialog>
  );
}

// What stands in the way, and advice.
function Findings({ onChoose }: { onChoose: (problem: Located) => void }) {
  const { t } = useTranslation("builder");
  const problems = useBuilder((s) => s.problems);
  const warnings = useBuilder((s) => s.warnings);
  return (
    <>
      {problems.length > 0 ? (
        <section aria-label={t("publish.blocked")} className="rounded-md border border-bad bg-bad-soft p-2">
          <h3 className="px-2 font-semibold text-bad">{t("publish.blocked")}</h3>
          <ProblemList list={problems} bad onChoose={onChoose} />
        </section>
      ) : null}
      {warnings.length > 0 ? (
        <section aria-label={t("problems.warnings")} className="rounded-md border border-warn bg-warn-soft p-2">
          <h3 className="px-2 font-semibold text-warn">{t("problems.warnings")}</h3>
          <ProblemList list={warnings} onChoose={onChoose} />
        </section>
      ) : null}
    </>
  );
}

// A draft that somebody else wrote last says so before it goes live.
function ByOther() {
  const { t } = useTranslation("builder");
  const other = useOther();
  const changed = useBuilder((s) => s.workflow.has_unpublished_changes);
  if (!changed || !other) {
    return null;
  }
  return <p className="rounded-md bg-warn-soft p-2 text-warn">{t("publish.byOther", { name: other })}</p>;
}

function Changes() {
  const { t } = useTranslation("builder");
  const id = useBuilder((s) => s.id);
  const doc = useBuilder((s) => s.doc);
  const live = useBuilder((s) => s.workflow.live_version) ?? 0;
  const version = useQuery(versionQuery(id, live));
  const titles = useTitles();
  if (live === 0) {
    return (
      <section aria-label={t("publish.first")}>
        <h3 className="mb-1 font-semibold">{t("publish.first")}</h3>
        <p className="mb-2">
          {t("publish.starts", {
            trigger: titles.title(doc.trigger.type ?? ""),
            condition: describeCondition(doc.condition, titles),
          })}
        </p>
        <StepList steps={doc.steps} />
      </section>
    );
  }
  return (
    <section aria-label={t("publish.changes", { version: live })}>
      <h3 className="mb-1 font-semibold">{t("publish.changes", { version: live })}</h3>
      {version.isPending ? <Skeleton lines={3} /> : null}
      {version.error ? <ErrorState error={version.error} onRetry={() => void version.refetch()} /> : null}
      {version.data ? (
        <DifferenceList before={definitionOf(version.data)} after={doc} empty={t("publish.nothing")} />
      ) : null}
    </section>
  );
}
