import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { messageOf } from "@/kit/state";

/** What stands in place of a screen that failed. */
export function Crash({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="m-6 flex max-w-prose flex-col gap-3">
      <h1 className="text-2xl font-semibold">{t("crash.title")}</h1>
      <p>{t("crash.text")}</p>
      <p className="rounded-md bg-sunken p-3 font-mono text-sm break-words">{messageOf(error)}</p>
      <div className="flex gap-2">
        <Button look="primary" onClick={() => location.reload()}>
          {t("crash.reload")}
        </Button>
        <Button onClick={reset}>{t("action.retry")}</Button>
      </div>
    </div>
  );
}
