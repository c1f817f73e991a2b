import {
  Ban,
  Check,
  CircleAlert,
  CircleDashed,
  Clock,
  Hand,
  LoaderCircle,
  type LucideIcon,
  Minus,
  Pause,
  Pencil,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/texts";
import { classes } from "./classes";

export type Tone = "good" | "warn" | "bad" | "info" | "neutral";

const tones: Record<Tone, string> = {
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  info: "bg-info-soft text-info",
  neutral: "bg-sunken text-muted",
};

/** A word on a coloured ground, with a sign: colour never says it alone. */
export function Badge({
  tone = "neutral",
  icon,
  children,
  title,
}: {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
  title?: string;
}) {
  return (
    <span
      title={title}
      className={classes(
        "inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-sm font-medium whitespace-nowrap",
        tones[tone],
      )}
    >
      {icon}
      {children}
    </span>
  );
}

const statuses: Record<string, [Tone, LucideIcon]> = {
  running: ["info", LoaderCircle],
  waiting: ["warn", Clock],
  succeeded: ["good", Check],
  failed: ["bad", CircleAlert],
  cancelled: ["neutral", Ban],
  pending: ["neutral", CircleDashed],
  skipped: ["neutral", Minus],
  held: ["warn", Hand],
  accepted: ["info", LoaderCircle],
  done: ["good", Check],
  draft: ["neutral", Pencil],
  live: ["good", Check],
  paused: ["warn", Pause],
};

/** The status of a run, a step, an event or a workflow, in its word. */
export function StatusBadge({ status }: { status: string }) {
  const { t } = useTranslation();
  const [tone, Icon] = statuses[status] ?? ["neutral", CircleDashed];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden className="size-3.5" />}>
      {t(`status.${status}`, status)}
    </Badge>
  );
}
