import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { api, body } from "@/api/client";
import { authenticationTypesQuery } from "@/api/queries/authentication-types";
import { useMay } from "@/api/session";
import { addTexts, useTranslation } from "@/i18n/texts";
import { buttonClasses } from "@/kit/button";
import { Page } from "@/kit/page";
import { EmptyState, ErrorState, Skeleton } from "@/kit/state";
import { notify } from "@/kit/toast";
import en from "@/locales/en/authentications.json";
import { AuthenticationForm, type AuthenticationValues } from "./form";

addTexts("authentications", en);

/** Makes an authentication: first its type, then its form. */
export function NewAuthentication({ type }: { type?: string }) {
  const { t } = useTranslation("authentications");
  const may = useMay("integration_manager");
  const types = useQuery(authenticationTypesQuery);
  const chosen = types.data?.find((x) => x.type === type);
  if (!may) {
    return (
      <Page title={t("newTitle")}>
        <EmptyState title={t("whoMay")} />
      </Page>
    );
  }
  if (types.isPending) {
    return (
      <Page title={t("newTitle")}>
        <Skeleton />
      </Page>
    );
  }
  if (types.isError) {
    return (
      <Page title={t("newTitle")}>
        <ErrorState error={types.error} onRetry={() => void types.refetch()} />
      </Page>
    );
  }
  if (!chosen) {
    return (
      <Page title={t("newTitle")} text={t("chooseType")}>
        <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {types.data.map((x) => (
            <li key={x.type}>
              <Link
                to="/authentications/new"
                search={{ type: x.type }}
                className="block h-full rounded-lg border border-line bg-surface p-4 text-text no-underline hover:border-accent"
              >
                <span className="block font-semibold">{x.title}</span>
                <span className="block text-muted">{x.summary}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Page>
    );
  }
  return (
    <Page title={t("newOf", { type: chosen.title })} text={chosen.summary}>
      <MakeAuthentication type={chosen.type} />
    </Page>
  );
}

/** The form that makes one of a type; onMade is called with its id instead of going to its page. */
export function MakeAuthentication({ type, onMade }: { type: string; onMade?: (id: string) => void }) {
  const { t } = useTranslation("authentications");
  const navigate = useNavigate();
  const client = useQueryClient();
  const types = useQuery(authenticationTypesQuery);
  const chosen = types.data?.find((x) => x.type === type);
  const make = useMutation({
    mutationFn: (values: AuthenticationValues) =>
      body(api.POST("/api/v1/authentications", { body: { type, ...values } })),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ["authentications"] });
      void client.invalidateQueries({ queryKey: ["setup"] });
      notify(t("made", { name: made.name }));
      if (onMade) {
        onMade(made.id);
      } else {
        void navigate({ to: "/authentications/$id", params: { id: made.id }, search: { test: true } });
      }
    },
  });
  if (!chosen) {
    return <Skeleton />;
  }
  return (
    <AuthenticationForm
      type={chosen}
      busy={make.isPending}
      error={make.error}
      submit={t("create")}
      onSubmit={(values) => make.mutate(values)}
      footer={
        onMade ? null : (
          <Link to="/authentications" className={buttonClasses()}>
            {t("common:action.cancel")}
          </Link>
        )
      }
    />
  );
}
