import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { api, tagged } from "@/api/client";
import { Problem } from "@/api/problem";
import { authenticationQuery } from "@/api/queries/authentication";
import { authenticationTypesQuery } from "@/api/queries/authentication-types";
import { useMay } from "@/api/session";
import { addTexts, useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Page, Section } from "@/kit/page";
import { ErrorState, Skeleton } from "@/kit/state";
import { notify } from "@/kit/toast";
import en from "@/locales/en/authentications.json";
import { DeleteAuthentication } from "./delete";
import { AuthenticationForm, type AuthenticationValues } from "./form";
import { HealthBadge } from "./health";
import { HooksSection } from "./hooks";
import { UsedBy } from "./list";
import { TestSection } from "./test-section";

addTexts("authentications", en);

/** One authentication: does it work, who uses it, and its form for who may change it. */
export function AuthenticationDetail({ id, testNow }: { id: string; testNow: boolean }) {
  const { t } = useTranslation("authentications");
  const may = useMay("integration_manager");
  const client = useQueryClient();
  const navigate = useNavigate();
  const found = useQuery(authenticationQuery(id));
  const types = useQuery(authenticationTypesQuery);
  const [deleting, setDeleting] = useState(false);
  const [changes, setChanges] = useState(0); // what was just changed is tested at once
  const change = useMutation({
    mutationFn: (values: AuthenticationValues) =>
      tagged(
        api.PATCH("/api/v1/authentications/{id}", {
          params: { path: { id }, header: { "If-Match": found.data?.etag ?? "" } },
          body: withRemovals(values, found.data?.authentication.config ?? {}),
        }),
      ),
    onSuccess: ({ body, etag }) => {
      client.setQueryData(authenticationQuery(id).queryKey, { authentication: body, etag });
      void client.invalidateQueries({ queryKey: ["authentications"] });
      notify(t("saved", { name: body.name }));
      setChanges((n) => n + 1);
    },
  });
  const failed = found.error ?? types.error;
  if (failed) {
    return (
      <Page title={t("title")}>
        <ErrorState error={failed} onRetry={() => void Promise.all([found.refetch(), types.refetch()])} />
      </Page>
    );
  }
  if (!found.data || !types.data) {
    return (
      <Page title={t("title")}>
        <Skeleton />
      </Page>
    );
  }
  const a = found.data.authentication;
  const type = types.data.find((x) => x.type === a.type);
  const stale = change.error instanceof Problem && change.error.status === 412;
  return (
    <Page
      title={a.name}
      text={type?.title ?? a.type}
      actions={
        may ? (
          <Button look="danger" icon={<Trash2 aria-hidden className="size-4" />} onClick={() => setDeleting(true)}>
            {t("common:action.delete")}
          </Button>
        ) : (
          <p className="text-sm text-muted">{t("whoMay")}</p>
        )
      }
    >
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Section title={t("status")} actions={<HealthBadge authentication={a} />}>
            {a.health?.state === "failing" && a.health.last_error ? (
              <p className="mb-3 break-words text-bad">{a.health.last_error}</p>
            ) : null}
            {may ? <TestSection key={changes} authentication={a} testNow={testNow || changes > 0} /> : null}
          </Section>
          {a.hooks ? <HooksSection authentication={a} /> : null}
          <Section title={t("column.used")}>
            <UsedBy ids={a.used_by ?? []} />
          </Section>
        </div>
        {may && type ? (
          <Section title={t("edit")}>
            {a.used_by && a.used_by.length > 0 ? (
              <p className="mb-3 text-muted">{t("usedHint", { count: a.used_by.length })}</p>
            ) : null}
            {stale ? (
              <p className="mb-3 text-warn">
                {t("stale")}{" "}
                <Button small onClick={() => void found.refetch().then(() => change.reset())}>
                  {t("reload")}
                </Button>
              </p>
            ) : null}
            <AuthenticationForm
              key={found.data.etag}
              type={type}
              current={a}
              busy={change.isPending}
              error={stale ? undefined : change.error}
              submit={t("common:action.save")}
              onSubmit={(values) => change.mutate(values)}
            />
          </Section>
        ) : null}
      </div>
      <p>
        <Link to="/authentications" className="text-accent">
          {t("back")}
        </Link>
      </p>
      <DeleteAuthentication
        authentication={a}
        open={deleting}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate({ to: "/authentications" })}
      />
    </Page>
  );
}

/** What was emptied is sent as null: left out it would stay. */
function withRemovals(values: AuthenticationValues, before: Record<string, unknown>) {
  const gone = Object.keys(before).filter((name) => !(name in values.config));
  return { ...values, config: { ...values.config, ...Object.fromEntries(gone.map((name) => [name, null])) } };
}
