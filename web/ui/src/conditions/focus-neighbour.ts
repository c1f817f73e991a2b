const fields = "select, input, button, [contenteditable=true]";

/** Before a row goes away: the focus goes to the row before it, else to the one after, else to the group's "Add a rule". */
export function focusNeighbour(inside: Element): void {
  const row = inside.closest("li");
  const neighbour = row?.previousElementSibling ?? row?.nextElementSibling;
  const add = row?.closest("[data-depth]")?.querySelector("[data-add]");
  const target = neighbour?.querySelector(fields) ?? add;
  if (target instanceof HTMLElement) {
    target.focus();
  }
}
