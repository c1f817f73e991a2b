import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { authenticationQuery } from "@/api/queries/authentication";
import { useMay } from "@/api/session";
import { HealthBadge } from "@/authentications/health";
import { HooksSection } from "@/authentications/hooks";
import { TestSection } from "@/authentications/test-section";
import { useTranslation } from "@/i18n/texts";
import { buttonClasses } from "@/kit/button";
import { ErrorState, Skeleton } from "@/kit/state";

/** An authentication that is there, with its test and, of a store, its webhooks. */
export function Connected({ id, testNow }: { id: string; testNow: boolean }) {
  const found = useQuery(authenticationQuery(id));
  const { t } = useTranslation("start");
  const may = useMay("integration_manager");
  if (found.isPending) {
    return <Skeleton lines={2} />;
  }
  if (found.isError) {
    return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  }
  const a = found.data.authentication;
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <p className="flex flex-wrap items-center gap-3">
        <Link to="/authentications/$id" params={{ id }} className="font-medium text-accent">
          {a.name}
        </Link>
        <HealthBadge authentication={a} />
        {may ? (
          <Link to="/authentications/$id" params={{ id }} className={buttonClasses("plain", true)}>
            {t("change")}
          </Link>
        ) : null}
      </p>
      {may ? <TestSection authentication={a} testNow={testNow} /> : null}
      <HooksSection authentication={a} />
    </div>
  );
}
