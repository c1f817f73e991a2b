import { inWords } from "@/conditions/in-words";
import type { Branch, Step } from "./definition";

/** Where the words of a summary come from. */
export interface Words {
  /** the title of a step type: "HTTP request" */
  title(type: string): string;
  t(key: string, values?: Record<string, unknown>): string;
}

const unitNames: Record<string, string> = { s: "seconds", m: "minutes", h: "hours", d: "days", w: "weeks" };

/** The parts of a duration such as 3d, 1h30m or 2w: [3, "days"]; none when it is not one. */
export function durationParts(text: string): { count: number; unit: string }[] {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  if (parts.map((p) => p[0]).join("") !== text.trim()) {
    return [];
  }
  return parts.map((p) => ({ count: Number(p[1]), unit: unitNames[p[2] ?? ""] ?? "" }));
}

/** A duration in words: "3 days". What is no duration stays as it is. */
export function durationWords(text: string, { t }: Pick<Words, "t">): string {
  const parts = durationParts(text);
  return parts.length > 0 ? parts.map((p) => t(`duration.${p.unit}`, { count: p.count })).join(" ") : text;
}

/** A template as short text: {{ BigCommerce | Order | id }} is shown by the last segments of its code. */
export function shortTemplate(text: string): string {
  return text
    .replace(/\{\{[#/][^}]*\}\}/g, " ")
    .replace(/\{\{=?\s*([\s\S]*?)\s*\}\}/g, (_, inside: string) => `[${shortCode(inside)}]`)
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function shortCode(inside: string): string {
  const code = (inside.split("::")[0]?.split("??")[0]?.trim() ?? inside).replace(/\bBigCommerce\./g, "");
  const segments = code.split("|").map((s) => s.trim());
  return segments.length > 2 ? segments.slice(-2).join(" ") : segments.join(" ");
}

function textAt(step: Step, name: string): string {
  const value = step.config?.[name];
  return typeof value === "string" ? value : "";
}

// What says most about a step, by what its config holds; no type of action is named here.
const telling = ["subject", "url", "message", "note", "text", "body", "name", "value", "to"];

/** One line that says what a step does: "3 days", "2 branches", "POST https://…", "How was order [Order id]?". */
export function describeStep(step: Step, words: Words): string {
  switch (step.type) {
    case "branch": {
      const names = (step.branches ?? []).map((b, i) => b.name || words.t("describe.arm", { number: i + 1 }));
      return names.length > 0 ? names.join(", ") : words.t("describe.noArms");
    }
    case "delay":
      return textAt(step, "for") ? durationWords(textAt(step, "for"), words) : words.t("describe.noDelay");
    case "stop":
      return words.t("describe.stop");
  }
  const first = telling.find((name) => textAt(step, name) !== "");
  const text = first ? shortTemplate(textAt(step, first)) : "";
  const method = textAt(step, "method");
  return [method && first === "url" ? method : "", text].filter(Boolean).join(" ") || words.t("describe.empty");
}

/** What a condition reads like in one line: in words when it is plain; empty: always. */
export function describeCondition(condition: string, { t }: Pick<Words, "t">): string {
  const line = condition.replace(/\s+/g, " ").trim();
  return line === ""
    ? t("describe.always")
    : (inWords(line, (key) => t(`conditions:${key}`)) ?? line.replace(/\bBigCommerce\./g, ""));
}

/** What a way of a branch asks for. The server refuses one that asks for nothing: it is not "always". */
export function describeArm(branch: Branch, words: Pick<Words, "t">): string {
  const condition = branch.condition ?? "";
  return condition.trim() === "" ? words.t("describe.noCondition") : describeCondition(condition, words);
}
