import type { Schema } from "@/api/client";
import {
  beforeStep,
  copySteps,
  duplicateStep,
  find,
  flatten,
  insertStep,
  isDisabled,
  moveStep,
  newStep,
  nextPlace,
  pasteSteps,
  removeStep,
  setDisabled,
  setStepField,
} from "../model";
import type { Definition, Place, Step } from "../model/definition";
import type { BuilderStore } from "../state/store";
import type { Clipboard } from "./clipboard";

/** A dialog that a command opens. */
export type Ask =
  | { kind: "palette"; place: Place }
  | { kind: "move"; id: string }
  | { kind: "missing"; ids: string[]; steps: string[] };

/** What the commands work with. */
export interface Hands {
  store: BuilderStore;
  t: (key: string, values?: Record<string, unknown>) => string;
  /** the title of a type of step */
  title: (type: string) => string;
  actions: () => Schema<"Action">[];
  authentications: () => Schema<"Authentication">[];
  clipboard: Clipboard;
  ask: (dialog: Ask) => void;
  /** puts the focus on a card, as soon as it is drawn */
  focus: (key: string) => void;
  /** says something that is no edit */
  tell: (text: string, options?: { bad?: boolean }) => void;
}

/** What can be done to the steps of the opened workflow, by canvas, outline, menu and key alike. */
export interface Commands {
  /** opens the palette for a place, or beside what is chosen */
  add(place?: Place | "before"): void;
  insert(place: Place, type: string): void;
  duplicate(id: string): void;
  remove(id: string): void;
  shift(id: string, by: -1 | 1): void;
  canShift(id: string, by: -1 | 1): boolean;
  moveTo(id: string, place: Place): void;
  toggle(id: string): void;
  copy(id: string): Promise<void>;
  cut(id: string): Promise<void>;
  /** puts copied steps at a place, or behind what is chosen; text: what is pasted, if known already */
  paste(place?: Place, text?: string): Promise<void>;
  /** gives pasted steps other authentications, by the ids of the missing ones */
  replaceAuthentications(steps: string[], by: Record<string, string>): void;
  ask(dialog: Ask): void;
}

export const stepKey = (id: string) => `step:${id}`;

/** The commands on a workflow. Each is one step of undo; the focus goes to what it made, or to what stood before what it took. */
export function createCommands(hands: Hands): Commands {
  const { store, t, clipboard, ask, focus, tell } = hands;
  const doc = () => store.getState().doc;
  const name = (id: string) => hands.title(find(doc(), id)?.step.type ?? "");
  // next: the step that is chosen then and gets the focus; undefined: the trigger
  const edit = (key: string, id: string, change: (def: Definition) => Definition, next: string | undefined) => {
    const select = next === undefined ? ({ kind: "trigger" } as const) : ({ kind: "step", id: next } as const);
    store.getState().edit(t(`edit.${key}`, { name: name(id), id }), change, { select });
    focus(next === undefined ? "trigger" : stepKey(next));
  };

  return {
    ask,
    add(place) {
      if (store.getState().canEdit) {
        ask({ kind: "palette", place: typeof place === "object" ? place : beside(store, place === "before") });
      }
    },
    insert(place, type) {
      const step = newStep(doc(), type, onlyChoice(hands, type));
      const id = step.id ?? "";
      store.getState().edit(t("edit.insert", { name: hands.title(type) }), (def) => insertStep(def, place, step), {
        select: { kind: "step", id },
      });
      focus(stepKey(id));
    },
    duplicate(id) {
      const copy = duplicateStep(doc(), id);
      edit("duplicate", id, () => copy.def, copy.id);
    },
    remove(id) {
      edit("remove", id, (def) => removeStep(def, id), beforeStep(doc(), id));
    },
    shift(id, by) {
      const place = nextPlace(doc(), id, by);
      if (place) {
        edit(by < 0 ? "up" : "down", id, (def) => moveStep(def, id, place), id);
      } else {
        tell(t(by < 0 ? "say.first" : "say.last", { name: name(id) }));
      }
    },
    canShift: (id, by) => nextPlace(doc(), id, by) !== undefined,
    moveTo(id, place) {
      edit("move", id, (def) => moveStep(def, id, place), id);
    },
    toggle(id) {
      const step = find(doc(), id)?.step;
      if (step) {
        const off = !isDisabled(step);
        edit(off ? "disable" : "enable", id, (def) => setDisabled(def, id, off), id);
      }
    },
    async copy(id) {
      await clipboard.write(copySteps(doc(), [id]));
      tell(t("say.copied", { name: name(id) }));
    },
    async cut(id) {
      await clipboard.write(copySteps(doc(), [id]));
      edit("cut", id, (def) => removeStep(def, id), beforeStep(doc(), id));
    },
    async paste(place = beside(store), text) {
      const source = text ?? (await clipboard.read());
      const known = hands.authentications().map((a) => a.id);
      const pasted = pasteSteps(doc(), place, source, known);
      const first = pasted?.ids[0];
      if (!pasted || first === undefined) {
        tell(t("say.nothingToPaste"), { bad: true });
        return;
      }
      edit("paste", first, () => pasted.def, first);
      if (pasted.unread.length > 0) {
        tell(t("say.unread", { ids: pasted.unread.join(", ") }), { bad: true });
      }
      if (pasted.missing.length > 0) {
        ask({ kind: "missing", ids: pasted.missing, steps: pasted.ids });
      }
    },
    replaceAuthentications(steps, by) {
      const inside = flatten({ steps: steps.flatMap((id) => find(doc(), id)?.step ?? []) });
      store.getState().edit(t("edit.authentications"), (def) =>
        inside.reduce((next, { id, step }) => {
          const old = step.config?.authentication_id;
          return typeof old === "string" && by[old] !== undefined
            ? setStepField(next, id, "authentication_id", by[old])
            : next;
        }, def),
      );
    },
  };
}

// Where a step goes that is added by key: beside the chosen one, or at the start when the trigger is chosen.
function beside(store: BuilderStore, before = false): Place {
  const { doc, selection } = store.getState();
  const found = selection.kind === "step" ? find(doc, selection.id) : undefined;
  if (found) {
    return { list: found.list, index: found.index + (before ? 0 : 1) };
  }
  return { list: { in: "root" }, index: selection.kind === "trigger" ? 0 : doc.steps.length };
}

// A new step's config: where there is only one authentication that fits, it is meant.
function onlyChoice({ actions, authentications }: Hands, type: string): Step["config"] {
  const action = actions().find((a) => a.type === type);
  const field = action?.fields.find((f) => f.type === "authentication" && f.required);
  const fitting = authentications().filter((a) => action?.authentication_types.includes(a.type));
  return field && fitting.length === 1 && fitting[0] ? { [field.name]: fitting[0].id } : {};
}
