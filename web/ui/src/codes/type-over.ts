import { EditorView } from "@codemirror/view";

/**
 * What is typed over a selection takes its place. The browser would give the new text the colours of the old one as an inline
 * style, which the page's policy refuses with an error in the console.
 */
export const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const plain = event.inputType === "insertText" && !event.isComposing && !view.composing;
    if (!plain || !event.data || state.readOnly || state.selection.main.empty) {
      return false;
    }
    event.preventDefault();
    view.dispatch(state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});
