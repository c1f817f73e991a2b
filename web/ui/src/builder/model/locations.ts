import type { Definition, Problem, Step } from "./definition";

/** What a location of the API is about: a step by its id, the trigger card, or the workflow itself. */
export interface Target {
  kind: "step" | "trigger" | "workflow";
  /** the step's id */
  stepId?: string;
  /** below the step: "config.url", "branches[1].condition"; else below the body: "trigger.type", "condition", "name" */
  field: string;
}

/** A problem with what it is about, told while the definition was as the server saw it. */
export type Located = Problem & { target: Target };

const hop = /^(?:\.branches\[(\d+)\]\.steps|\.otherwise)\[(\d+)\](?=\.|$)/;

/** What a location such as body.steps[0].branches[1].steps[2].config.url is about. */
export function targetOf(def: Definition, location: string): Target {
  const start = /^body\.steps\[(\d+)\](?=\.|$)/.exec(location);
  if (!start) {
    const field = location.replace(/^body\.?/, "");
    const card = /^(trigger(\.|$)|condition(\.|$)|once_per$)/.test(field);
    return { kind: card ? "trigger" : "workflow", field };
  }
  let step: Step | undefined = def.steps[Number(start[1])];
  let rest = location.slice(start[0].length);
  for (let next = hop.exec(rest); next; next = hop.exec(rest)) {
    const list: Step[] | undefined = next[1] === undefined ? step?.otherwise : step?.branches?.[Number(next[1])]?.steps;
    step = list?.[Number(next[2])];
    rest = rest.slice(next[0].length);
  }
  const field = rest.replace(/^\./, "");
  return step?.id === undefined ? { kind: "workflow", field: location } : { kind: "step", stepId: step.id, field };
}

/** Problems with what they are about. */
export function locate(def: Definition, problems: readonly Problem[] | null | undefined): Located[] {
  return (problems ?? []).map((p) => ({ ...p, target: targetOf(def, p.location) }));
}

/** Whether a problem is about a field or something in it: "config.headers" has those of "config.headers.X". */
export function isAt(problem: Located, field: string): boolean {
  const at = problem.target.field;
  return at === field || at.startsWith(`${field}.`) || at.startsWith(`${field}[`);
}
