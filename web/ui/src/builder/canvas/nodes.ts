import type { Node } from "@xyflow/react";
import type { Box, Picture } from "./layout";
import type { Wait } from "./waits";

export type CardNode = Node<{ box: Box; wait?: Wait }, Box["kind"]>;

const quiet = { "aria-roledescription": undefined, "aria-describedby": undefined };

/**
 * The cards as React Flow takes them. A card that has not changed keeps its object, so that typing in one step draws that one
 * again and not two hundred.
 */
export function nodesOf(
  picture: Picture,
  waits: Map<string, Wait>,
  before: readonly CardNode[],
  nameOf: (box: Box) => string | undefined,
): CardNode[] {
  const known = new Map(before.map((n) => [n.id, n]));
  return picture.boxes.map((box) => {
    const wait = box.kind === "step" ? waits.get(box.step.id ?? "") : undefined;
    const ariaLabel = nameOf(box);
    const old = known.get(box.key);
    if (old && old.ariaLabel === ariaLabel && sameBox(old, box) && sameWait(old.data.wait, wait)) {
      return old;
    }
    const { width, height } = box;
    return {
      id: box.key,
      type: box.kind,
      position: { x: box.x, y: box.y },
      width,
      height,
      measured: { width, height }, // the map of the whole workflow is empty without
      ariaLabel,
      ariaRole: ariaLabel ? ("group" as const) : ("presentation" as const),
      domAttributes: quiet,
      data: old && sameFace(old.data.box, box) && sameWait(old.data.wait, wait) ? old.data : { box, wait },
    };
  });
}

const sameWait = (a?: Wait, b?: Wait) => a?.min === b?.min && a?.max === b?.max;

function sameBox({ position, data }: CardNode, box: Box): boolean {
  return position.x === box.x && position.y === box.y && sameFace(data.box, box);
}

const elsewhere = new Set(["x", "y", "number"]); // of the wrapper: they do not show on the card

// Places and lists are made anew each time; they are small and compared by what they say. All else is the same or is not.
function sameFace(a: Box, b: Box): boolean {
  const [left, right] = [a, b] as unknown as Record<string, unknown>[];
  return Object.keys(b).every(
    (name) =>
      elsewhere.has(name) ||
      left?.[name] === right?.[name] ||
      ((name === "place" || name === "list") && JSON.stringify(left?.[name]) === JSON.stringify(right?.[name])),
  );
}
