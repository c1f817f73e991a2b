import { CloudOff } from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { connection } from "@/api/connection";
import { queryClient } from "@/api/query-client";
import { useTranslation } from "@/i18n/texts";
import { notify } from "@/kit/toast";

/** Says that the server is gone, and that it is back; then everything is loaded again. */
export function OfflineBanner() {
  const { up } = useSyncExternalStore(connection.subscribe, connection.getState);
  const { t } = useTranslation();
  const was = useRef(up);
  useEffect(() => {
    if (up && !was.current) {
      notify(t("offline.back"));
      void queryClient.invalidateQueries();
    }
    was.current = up;
  }, [up, t]);
  return (
    <div role="status">
      {up ? null : (
        <p className="flex items-center gap-2 border-b border-warn bg-warn-soft px-4 py-2 text-warn">
          <CloudOff aria-hidden className="size-5 shrink-0" />
          {t("offline.banner")}
        </p>
      )}
    </div>
  );
}
