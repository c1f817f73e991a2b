import { EditorState, type Extension } from "@codemirror/state";

/** Keeps an editor to one line: Enter does nothing, line breaks that are pasted become blanks. */
export const oneLine: Extension = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines <= transaction.startState.doc.lines) {
    return transaction;
  }
  if (
    transaction.isUserEvent("input") &&
    !transaction.isUserEvent("input.paste") &&
    !transaction.isUserEvent("input.drop")
  ) {
    return [];
  }
  const text = transaction.newDoc
    .toString()
    .replace(/\s*\n\s*/g, " ")
    .trimEnd();
  return [
    { changes: { from: 0, to: transaction.startState.doc.length, insert: text }, selection: { anchor: text.length } },
  ];
});

/** The smallest change that makes one text of another, so that the cursor stays where it can; undefined: they are equal. */
export function changeBetween(before: string, after: string): { from: number; to: number; insert: string } | undefined {
  if (before === after) {
    return undefined;
  }
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) {
    start++;
  }
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) {
    end++;
  }
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
