import { LoaderCircle, Pause, Radio } from "lucide-react";
import { pauseStream, useStreamState } from "@/api/stream";
import { useTranslation } from "@/i18n/texts";
import { classes } from "./classes";

/** Says whether the list is live, and pauses it. */
export function LiveChip() {
  const { state, paused } = useStreamState();
  const { t } = useTranslation();
  const Icon = state === "live" ? Radio : state === "paused" ? Pause : LoaderCircle;
  return (
    <button
      type="button"
      aria-pressed={paused}
      title={paused ? t("stream.resume") : t("stream.pause")}
      onClick={() => pauseStream(!paused)}
      className={classes(
        "inline-flex min-h-7 items-center gap-1.5 rounded-full border px-2.5 text-sm",
        state === "live" ? "border-good text-good" : "border-line-strong text-muted",
      )}
    >
      <Icon aria-hidden className={classes("size-4", state === "reconnecting" && "animate-spin")} />
      {t(`stream.${state}`)}
    </button>
  );
}
