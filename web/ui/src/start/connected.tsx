import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { authenticationQuery } from "@/api/queries/authentication";
import { useMay } from "@/api/session";
import { HealthBadge } from "@/authentications/health";
import { HooksSection } from "@/authentications/hooks";
import { TestSection } from "@/authentications/test-section";
import { ErrorState, Skeleton } from "@/kit/state";

/** An authentication that is there, with its test and, of a store, its webhooks. */
export function Connected({ id }: { id: string }) {
  const found = useQuery(authenticationQuery(id));
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
      </p>
      {may ? <TestSection authentication={a} /> : null}
      <HooksSection authentication={a} />
    </div>
  );
}
