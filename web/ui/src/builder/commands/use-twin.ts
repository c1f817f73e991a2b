import { type ClipboardEvent, type FocusEvent, type KeyboardEvent, useEffect, useMemo } from "react";
import { commandOf, type KeyCommand, lettersOn } from "../keys";
import { copySteps } from "../model";
import { useBuilder, useBuilderStore } from "../state/store";
import { type Twin, useFocusStore, wantFocus } from "./focus";
import { inspectorId } from "./page-keys";
import { useCommands } from "./provider";
import { selectionKey } from "./selection";
import { alongGraph, alongOutline, type Stops, stopsOf } from "./walk";

/** What the region of a twin needs: keys, clipboard, and the memory of where the focus is. */
export function useTwin(twin: Twin) {
  const store = useBuilderStore();
  const focus = useFocusStore();
  const commands = useCommands();
  const steps = useBuilder((s) => s.doc.steps);
  const stops = useMemo(() => stopsOf({ steps }), [steps]);

  // One card takes part in the order of the Tab key: the one that had the focus, while it belongs to what is chosen.
  useEffect(() => {
    function follow() {
      const { selection } = store.getState();
      const active = stops.get(focus.getState().active[twin]);
      const key = selectionKey(selection);
      if (!active || (selection.kind === "step" ? active.stepId !== selection.id : active.stepId !== undefined)) {
        focus.setState((s) => ({ active: { ...s.active, [twin]: stops.has(key) ? key : "trigger" } }));
      }
    }
    follow();
    return store.subscribe((now, then) => now.selection !== then.selection && follow());
  }, [stops, store, focus, twin]);

  function onFocus(event: FocusEvent) {
    const key = event.target.closest("[data-card]")?.getAttribute("data-card");
    if (key) {
      focus.setState((s) => ({ active: { ...s.active, [twin]: key }, last: twin }));
      chooseStop(stops, key);
    } else {
      focus.setState({ last: twin }); // a menu beside a card: what it does goes on in this twin
    }
  }

  function chooseStop(all: Stops, key: string) {
    const stop = all.get(key);
    const { selection: now, select } = store.getState();
    if (stop && selectionKey(now) !== (stop.stepId === undefined ? "trigger" : `step:${stop.stepId}`)) {
      select(stop.stepId === undefined ? { kind: "trigger" } : { kind: "step", id: stop.stepId });
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    const target = event.target as HTMLElement;
    const own = target.closest("[data-card]")?.getAttribute("data-card");
    const command =
      event.defaultPrevented || target.closest("[role=menu],[role=dialog]") ? undefined : commandOf(event, lettersOn());
    if (!command || (!own && needsCard.has(command))) {
      return; // Enter on a button of the toolbar is a click
    }
    const card = own ?? selectionKey(store.getState().selection);
    const id = stops.get(card)?.stepId;
    if (run(command, card, id)) {
      event.preventDefault();
    }
  }

  function run(command: KeyCommand, card: string, id: string | undefined): boolean {
    const isStep = card.startsWith("step:") && id !== undefined;
    const may = store.getState().canEdit;
    switch (command) {
      case "edit":
        return editChosen();
      case "test":
        store.getState().setPanel("test");
        return true;
      case "help":
        store.getState().setKeysHelp(true);
        return true;
      case "twin":
        toTwin(twin === "canvas" ? "outline" : "canvas");
        return true;
      case "up":
      case "down":
      case "left":
      case "right":
      case "first":
      case "last": {
        const next = (twin === "canvas" ? alongGraph : alongOutline)(stops, card, command);
        if (next) {
          wantFocus(focus, next, twin);
        }
        return true;
      }
      case "addAfter":
      case "addBefore":
        commands.add(
          card.startsWith("arm:") && command === "addAfter"
            ? armPlace(card)
            : command === "addBefore"
              ? "before"
              : undefined,
        );
        return true;
    }
    if (!may || !isStep) {
      return false;
    }
    switch (command) {
      case "remove":
        commands.remove(id);
        return true;
      case "duplicate":
        commands.duplicate(id);
        return true;
      case "toggle":
        commands.toggle(id);
        return true;
      case "moveUp":
      case "moveDown":
        commands.shift(id, command === "moveUp" ? -1 : 1);
        return true;
    }
    return false;
  }

  function toTwin(other: Twin) {
    if (other === "outline" && !store.getState().outline) {
      store.getState().toggleOutline();
    } else if (other === "canvas" && !document.querySelector("[data-twin=canvas]")) {
      return; // on a narrow screen there is only the outline
    }
    wantFocus(focus, selectionKey(store.getState().selection), other);
  }

  function chosen(): string | undefined {
    const { selection: now } = store.getState();
    return now.kind === "step" ? now.id : undefined;
  }

  // The events of the clipboard work without a permission, and without https.
  function onCopy(event: ClipboardEvent, cut = false) {
    const id = chosen();
    if (!id || !document.getSelection()?.isCollapsed) {
      return;
    }
    event.clipboardData.setData("text/plain", copySteps(store.getState().doc, [id]));
    event.preventDefault();
    void (cut && store.getState().canEdit ? commands.cut(id) : commands.copy(id));
  }

  function onPaste(event: ClipboardEvent) {
    if (store.getState().canEdit) {
      event.preventDefault();
      void commands.paste(undefined, event.clipboardData.getData("text/plain") || undefined);
    }
  }

  return {
    stops,
    region: { "data-twin": twin, onFocus, onKeyDown, onCopy, onCut: (e: ClipboardEvent) => onCopy(e, true), onPaste },
  };
}

// Beside a card, on a button of its toolbar, these are not ours.
const needsCard = new Set<KeyCommand>(["edit", "up", "down", "left", "right", "first", "last"]);

function armPlace(key: string) {
  const [, step = "", index = ""] = key.split(":");
  return index === "otherwise"
    ? { list: { in: "otherwise" as const, step }, index: 0 }
    : { list: { in: "branch" as const, step, branch: Number(index) }, index: 0 };
}

/** Puts the cursor into the first field of the inspector. */
export function editChosen(): boolean {
  const inspector = document.getElementById(inspectorId);
  const field = inspector?.querySelector<HTMLElement>(
    "input:not([disabled]):not([type=hidden]),textarea:not([disabled]),select:not([disabled]),[contenteditable=true],button:not([disabled])",
  );
  field?.focus();
  return field !== null && field !== undefined;
}
