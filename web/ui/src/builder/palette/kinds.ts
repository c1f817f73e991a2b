import {
  CircleStop,
  Clock,
  GitFork,
  Globe,
  type LucideIcon,
  Mail,
  MessageSquareText,
  Puzzle,
  Store,
} from "lucide-react";
import type { Schema } from "@/api/client";

type Action = Schema<"Action">;

/** The headings of the palette, in their order. */
export const groups = ["logic", "message", "http", "bigcommerce", "other"] as const;
export type Group = (typeof groups)[number];

/** A type of step, as the palette offers it. */
export interface Kind {
  type: string;
  title: string;
  summary: string;
  group: Group;
}

const groupIcons: Record<Group, LucideIcon> = {
  logic: GitFork,
  message: Mail,
  http: Globe,
  bigcommerce: Store,
  other: Puzzle,
};

const typeIcons: Record<string, LucideIcon> = {
  branch: GitFork,
  delay: Clock,
  stop: CircleStop,
  send_survey: MessageSquareText,
};

/** Where a type stands in the palette: told from its name and from what it connects to, so that a new action finds its place. */
export function groupOf(type: string, action?: Pick<Action, "authentication_types">): Group {
  if (type === "branch" || type === "delay" || type === "stop") {
    return "logic";
  }
  if (type.startsWith("bigcommerce") || action?.authentication_types.includes("bigcommerce")) {
    return "bigcommerce";
  }
  if (type.startsWith("send_") || action?.authentication_types.includes("smtp")) {
    return "message";
  }
  return type.startsWith("http") || action?.authentication_types.some((t) => t.startsWith("http_")) ? "http" : "other";
}

/** The sign of a type of step. */
export function iconOf(type: string): LucideIcon {
  return typeIcons[type] ?? groupIcons[groupOf(type)];
}

/** Everything that can be added: Cartwheel's own steps and the server's actions. */
export function kindsOf(actions: Action[], title: (type: string) => string, t: (key: string) => string): Kind[] {
  const own = ["branch", "delay", "stop"].map((type) => ({
    type,
    title: title(type),
    summary: t(`kindSummary.${type}`),
    group: "logic" as const,
  }));
  return [
    ...own,
    ...actions.map((a) => ({ type: a.type, title: a.title, summary: a.summary, group: groupOf(a.type, a) })),
  ];
}
