import { Link } from "@tanstack/react-router";
import { OctagonPause } from "lucide-react";
import { useMay, useSession } from "@/api/session";
import { useTranslation } from "@/i18n/texts";

/** Says on every page that nothing is sent, and where that is changed. */
export function StoppedBanner() {
  const { sending_stopped: stopped } = useSession();
  const admin = useMay("admin");
  const { t } = useTranslation();
  return (
    <div role="status">
      {stopped ? (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-warn bg-warn-soft px-4 py-2 text-warn">
          <OctagonPause aria-hidden className="size-5 shrink-0" />
          <span className="min-w-0">{t("stopped.banner")}</span>
          {admin ? (
            <Link to="/settings/sending" className="inline-flex min-h-6 items-center font-medium text-warn underline">
              {t("stopped.link")}
            </Link>
          ) : (
            <span>{t("stopped.ask")}</span>
          )}
        </p>
      ) : null}
    </div>
  );
}
