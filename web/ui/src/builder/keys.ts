import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** What a key asks for in canvas or outline. */
export type KeyCommand =
  | "palette"
  | "addAfter"
  | "addBefore"
  | "remove"
  | "duplicate"
  | "toggle"
  | "edit"
  | "moveUp"
  | "moveDown"
  | "up"
  | "down"
  | "left"
  | "right"
  | "first"
  | "last"
  | "test"
  | "twin"
  | "help";

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const plain: Record<string, KeyCommand> = {
  Delete: "remove",
  Backspace: "remove",
  Enter: "edit",
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "first",
  End: "last",
};

const letters: Record<string, KeyCommand> = { d: "duplicate", x: "toggle", t: "test", o: "twin", "?": "help" };

/** The command of a key inside canvas or outline. Single letters are left out when they are switched off. */
export function commandOf(event: Pressed, withLetters: boolean): KeyCommand | undefined {
  if (event.ctrlKey || event.metaKey) {
    return undefined; // those of the page, and the browser's own
  }
  if (event.altKey) {
    return event.key === "ArrowUp" ? "moveUp" : event.key === "ArrowDown" ? "moveDown" : undefined;
  }
  if (plain[event.key] && !event.shiftKey) {
    return plain[event.key];
  }
  if (!withLetters) {
    return undefined;
  }
  const letter = event.key.toLowerCase();
  if (letter === "a") {
    return event.shiftKey ? "addBefore" : "addAfter";
  }
  return event.shiftKey && letter !== "?" ? undefined : letters[letter];
}

/** What a key asks for anywhere in the builder. */
export function pageCommandOf(event: Pressed): "palette" | "undo" | "redo" | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) {
    return undefined;
  }
  switch (event.key.toLowerCase()) {
    case "k":
      return event.shiftKey ? undefined : "palette";
    case "z":
      return event.shiftKey ? "redo" : "undo";
    case "y":
      return event.shiftKey ? undefined : "redo";
  }
  return undefined;
}

/** Whether keys belong to what is typed in: text inputs keep their own undo. */
export function typesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) {
    return false;
  }
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) {
    return true;
  }
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type)
  );
}

const setting = "cartwheel.keys.letters";
const kept = createStore<{ on: boolean }>(() => ({ on: localStorage.getItem(setting) !== "off" }));

/** Whether single letters are shortcuts, told now. */
export const lettersOn = () => kept.getState().on;

/** Whether single letters are shortcuts in canvas and outline, and how to change it; kept in this browser. */
export function useLetterKeys(): [boolean, (on: boolean) => void] {
  const on = useStore(kept, (s) => s.on);
  return [
    on,
    (next) => {
      localStorage.setItem(setting, next ? "on" : "off");
      kept.setState({ on: next });
    },
  ];
}
