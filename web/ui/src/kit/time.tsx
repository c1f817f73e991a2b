import { useSession } from "@/api/session";
import { useTranslation } from "@/i18n/texts";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string | undefined, seconds: boolean): Intl.DateTimeFormat {
  const key = `${zone ?? ""} ${seconds}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat("en", {
      dateStyle: "medium",
      timeStyle: seconds ? "medium" : "short",
      hourCycle: "h23",
      timeZone: zone,
    });
    formats.set(key, found);
  }
  return found;
}

/** A time as text, in a zone (default: the browser's). */
export function timeText(at: string | Date, zone?: string, seconds = false): string {
  return format(zone, seconds).format(typeof at === "string" ? new Date(at) : at);
}

/** A time in the store's zone; the tooltip tells the local time. */
export function Time({ at, seconds = false }: { at: string | null | undefined; seconds?: boolean }) {
  const { time_zone: zone } = useSession();
  const { t } = useTranslation();
  if (!at) {
    return <span className="text-muted">{t("time.never")}</span>;
  }
  return (
    <time
      dateTime={at}
      title={`${at} · ${t("time.local", { time: timeText(at, undefined, true) })}`}
      className="whitespace-nowrap"
    >
      {timeText(at, zone, seconds)}
    </time>
  );
}

const units: [number, string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
];

/** How long something took, short: "320 ms", "2 s", "3 d 4 h". */
export function durationText(ms: number): string {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  const parts: string[] = [];
  let rest = ms;
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    if (count > 0 && parts.length < 2) {
      parts.push(`${count} ${unit}`);
    }
    rest -= count * size;
  }
  return parts.join(" ");
}
