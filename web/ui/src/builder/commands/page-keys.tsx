import { useEffect } from "react";
import { pageCommandOf, typesText } from "../keys";
import { useBuilderStore } from "../state/store";
import { useFocusStore, wantFocus } from "./focus";
import { useCommands } from "./provider";
import { selectionKey } from "./selection";

/** The region of the inspector, which "edit" goes into and Escape comes back from. */
export const inspectorId = "builder-inspector";

/** Listens for the keys that work everywhere in the builder: palette, undo, redo, and back from the inspector. */
export function PageKeys() {
  const store = useBuilderStore();
  const focus = useFocusStore();
  const commands = useCommands();
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const target = event.target as HTMLElement | null;
      if (event.defaultPrevented || target?.closest("[role=dialog],[role=alertdialog],[role=menu],[role=listbox]")) {
        return;
      }
      if (event.key === "Escape" && target?.closest(`#${inspectorId}`)) {
        event.preventDefault();
        wantFocus(focus, selectionKey(store.getState().selection));
        return;
      }
      const command = pageCommandOf(event);
      if (!command || (command !== "palette" && typesText(event.target))) {
        return; // text inputs keep their own undo
      }
      event.preventDefault();
      const inTwin = target?.closest("[data-twin]");
      if (command === "palette") {
        commands.add();
        return;
      }
      store.getState()[command]();
      if (inTwin) {
        wantFocus(focus, selectionKey(store.getState().selection)); // the card that had it may be gone
      }
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [store, focus, commands]);
  return null;
}
