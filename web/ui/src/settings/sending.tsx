import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "@/api/queries/settings";
import { ErrorState, Skeleton } from "@/kit/state";
import { AdminOnly } from "./layout";
import { SendingLimits } from "./sending-limits";
import { SendingSwitch } from "./sending-switch";

/** Whether anything is sent, and how much at most, for administrators. */
export function Sending() {
  return (
    <AdminOnly>
      <SendingSettings />
    </AdminOnly>
  );
}

function SendingSettings() {
  const settings = useQuery(settingsQuery);
  if (settings.isPending) {
    return <Skeleton lines={5} />;
  }
  if (settings.isError && !settings.data) {
    return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  }
  const sending = settings.data.sending ?? { stopped: false };
  return (
    <div className="flex flex-col gap-4">
      <SendingSwitch stopped={sending.stopped} />
      <SendingLimits perRecipient={sending.per_recipient_day} perWorkflow={sending.per_workflow_hour} />
    </div>
  );
}
