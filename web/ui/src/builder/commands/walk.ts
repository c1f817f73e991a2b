import type { Definition, Step } from "../model/definition";

/** A card that can have the focus: the trigger, a step, or an arm of a branch. */
export interface Stop {
  key: string;
  /** the step that is chosen with it; undefined: the trigger */
  stepId?: string;
  /** the arm that a step stands in, or the branch of an arm */
  parent?: string;
  /** those in one list with it: steps, or the arms of a branch */
  siblings: string[];
  /** a branch's arms, or an arm's steps */
  children: string[];
}

export type Stops = Map<string, Stop>;

export const armKey = (id: string, index: number | "otherwise") => `arm:${id}:${index}`;

/** Every card of a workflow in running order, with what it stands beside. */
export function stopsOf(def: Pick<Definition, "steps">): Stops {
  const stops: Stops = new Map();
  const root = keysOf(def.steps);
  stops.set("trigger", { key: "trigger", siblings: ["trigger"], children: root });
  const walk = (steps: readonly Step[], parent?: string) => {
    const siblings = keysOf(steps);
    for (const step of steps) {
      const id = step.id ?? "";
      const arms =
        step.type === "branch" ? [...(step.branches ?? []).map((_, i) => armKey(id, i)), armKey(id, "otherwise")] : [];
      stops.set(`step:${id}`, { key: `step:${id}`, stepId: id, parent, siblings, children: arms });
      arms.forEach((key, i) => {
        const inside = (step.branches?.[i] ? step.branches[i].steps : step.otherwise) ?? [];
        stops.set(key, { key, stepId: id, parent: `step:${id}`, siblings: arms, children: keysOf(inside) });
        walk(inside, key);
      });
    }
  };
  walk(def.steps);
  return stops;
}

const keysOf = (steps: readonly Step[]) => steps.map((s) => `step:${s.id ?? ""}`);

export type Way = "up" | "down" | "left" | "right" | "first" | "last";

/** Where an arrow key leads in the outline: along the lines, out of and into a branch. */
export function alongOutline(stops: Stops, from: string, way: Way): string | undefined {
  const order = [...stops.keys()];
  const at = order.indexOf(from);
  switch (way) {
    case "up":
      return order[at - 1];
    case "down":
      return order[at + 1];
    case "left":
      return stops.get(from)?.parent;
    case "right":
      return from === "trigger" ? undefined : stops.get(from)?.children[0];
    case "first":
      return order[0];
    case "last":
      return order.at(-1);
  }
}

/** Where an arrow key leads in the canvas: along the lines of the graph, and from arm to arm. */
export function alongGraph(stops: Stops, from: string, way: Way): string | undefined {
  const stop = stops.get(from);
  switch (way) {
    case "up":
      return stop && above(stops, stop);
    case "down":
      return stop && (stop.children[0] ?? after(stops, stop));
    case "left":
      return beside(stops, stop, -1);
    case "right":
      return beside(stops, stop, 1);
    case "first":
      return "trigger";
    case "last":
      return stops.get("trigger")?.children.at(-1) ?? "trigger";
  }
}

const isArm = (stop: Stop) => stop.key.startsWith("arm:");

// What runs next when a step, or all of its branch, is done.
function after(stops: Stops, stop: Stop): string | undefined {
  if (!isArm(stop)) {
    const next = stop.siblings[stop.siblings.indexOf(stop.key) + 1];
    if (next || !stop.parent) {
      return stop.key === "trigger" ? undefined : next;
    }
  }
  const around = stop.parent ? stops.get(stop.parent) : undefined;
  return around && after(stops, around);
}

function above(stops: Stops, stop: Stop): string | undefined {
  if (isArm(stop)) {
    return stop.parent;
  }
  let key = stop.siblings[stop.siblings.indexOf(stop.key) - 1];
  if (key === undefined) {
    return stop.parent ?? (stop.key === "trigger" ? undefined : "trigger");
  }
  // The end of what stands above: down the first arm of a branch.
  for (let arm = stops.get(key)?.children[0]; arm !== undefined; arm = stops.get(key)?.children[0]) {
    const last: string | undefined = stops.get(arm)?.children.at(-1);
    if (last === undefined) {
      return arm;
    }
    key = last;
  }
  return key;
}

function beside(stops: Stops, stop: Stop | undefined, by: -1 | 1): string | undefined {
  for (let at = stop; at; at = at.parent ? stops.get(at.parent) : undefined) {
    const next = isArm(at) ? at.siblings[at.siblings.indexOf(at.key) + by] : undefined;
    if (next) {
      return next;
    }
  }
  return undefined;
}
