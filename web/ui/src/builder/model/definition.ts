import type { Schema } from "@/api/client";

/** What a person edits: the part of a workflow that a version keeps. */
export type Definition = Pick<Schema<"Workflow">, "name" | "trigger" | "once_per" | "condition" | "steps">;
export type Step = Schema<"Step">;
export type Branch = Schema<"Branch">;
export type Problem = Schema<"Problem">;

/** The types of step that Cartwheel itself knows; every other is an action of GET /actions. */
export const controlTypes = ["branch", "delay", "stop"] as const;

/**
 * A list of steps in a definition: the workflow's own, a branch's by its number, or a branch step's "otherwise".
 */
export type ListRef =
  | { in: "root" }
  | { in: "branch"; step: string; branch: number }
  | { in: "otherwise"; step: string };

/** A place where a step can stand: before the one with this index. */
export interface Place {
  list: ListRef;
  index: number;
}

/** What is chosen in the builder: the trigger card (with the workflow's condition), a step, or nothing. */
export type Selection = { kind: "trigger" } | { kind: "step"; id: string } | { kind: "none" };
