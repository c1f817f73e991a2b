import { Check, CircleAlert, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { useSyncExternalStore } from "react";
import { createStore } from "zustand/vanilla";
import { useTranslation } from "@/i18n/texts";
import { IconButton } from "./button";
import { classes } from "./classes";
import { messageOf } from "./state";

interface Note {
  id: number;
  text: string;
  bad: boolean;
  action?: { label: string; run: () => void };
}

const notes = createStore<{ list: Note[]; next: number }>(() => ({ list: [], next: 1 }));

/** Shows a short note at the edge of the screen, such as "Saved"; action offers a way back. */
export function notify(text: string, options: { bad?: boolean; action?: Note["action"] } = {}) {
  notes.setState((s) => ({
    list: [...s.list.slice(-3), { id: s.next, text, bad: options.bad ?? false, action: options.action }],
    next: s.next + 1,
  }));
}

/** Shows what an error says. */
export function notifyError(error: unknown) {
  notify(messageOf(error), { bad: true });
}

function drop(id: number) {
  notes.setState((s) => ({ list: s.list.filter((n) => n.id !== id) }));
}

/** Where notes appear; once, in the shell. */
export function Toaster() {
  const { list } = useSyncExternalStore(notes.subscribe, notes.getState);
  const { t } = useTranslation();
  return (
    <Radix.Provider swipeDirection="right" duration={8000}>
      {list.map((n) => (
        <Radix.Root
          key={n.id}
          type={n.bad ? "foreground" : "background"}
          duration={n.bad || n.action ? 15_000 : 6_000}
          onOpenChange={(open) => !open && drop(n.id)}
          className={classes(
            "flex items-start gap-2 rounded-md border bg-surface p-3 shadow-raised",
            n.bad ? "border-bad text-bad" : "border-line",
          )}
        >
          {n.bad ? (
            <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0" />
          ) : (
            <Check aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
          )}
          <Radix.Description className="grow self-center break-words">{n.text}</Radix.Description>
          {n.action ? (
            <Radix.Action
              altText={n.action.label}
              onClick={n.action.run}
              className="min-h-7 rounded px-2 font-medium text-accent underline"
            >
              {n.action.label}
            </Radix.Action>
          ) : null}
          <Radix.Close asChild>
            <IconButton label={t("action.close")}>
              <X aria-hidden className="size-4" />
            </IconButton>
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed end-3 bottom-3 z-60 flex w-[min(26rem,calc(100vw-1.5rem))] flex-col gap-2" />
    </Radix.Provider>
  );
}
