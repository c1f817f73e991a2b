import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { actionsQuery } from "@/api/queries/actions";
import { triggersQuery } from "@/api/queries/triggers";
import { useMay, useSession } from "@/api/session";
import { translate } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { startAutosave } from "./state/autosave";
import { browserShelf, keepDraft } from "./state/keep";
import { restored } from "./state/restore";
import { server } from "./state/server";
import { type BuilderStore, createBuilder } from "./state/store";
import "./texts";

interface Opened {
  store?: BuilderStore;
  error?: unknown;
  retry: () => void;
}

/** Opens a workflow: loads it, puts what this browser had kept of it on top, and saves from then on. */
export function useOpened(id: string): Opened {
  const canEdit = useMay("editor");
  const person = useSession().id;
  const queries = useQueryClient();
  const [state, setState] = useState<Omit<Opened, "retry">>({});
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: tries loads it again
  useEffect(() => {
    let gone = false;
    let end = () => {};
    const key = `${person}/${id}`;
    setState({});
    // What steps are called: without it they would be shown and read out by their types for a moment.
    const names = Promise.allSettled([queries.ensureQueryData(actionsQuery), queries.ensureQueryData(triggersQuery)]);
    Promise.all([server.load(id), canEdit ? browserShelf.read(key) : undefined, names]).then(
      ([saved, kept]) => {
        if (!gone) {
          const store = createBuilder(saved, { canEdit, kept: restored(saved, kept), say });
          end = canEdit ? begin(store, key) : end;
          setState({ store });
        }
      },
      (error) => !gone && setState({ error }),
    );
    return () => {
      gone = true;
      end();
    };
  }, [id, canEdit, person, tries, queries]);
  const retry = useCallback(() => setTries((n) => n + 1), []);
  return { ...state, retry };
}

/** Takes what this browser has kept of a workflow away, when the workflow is deleted. */
export function forget(person: string, id: string): Promise<void> {
  return browserShelf.drop(`${person}/${id}`);
}

function begin(store: BuilderStore, key: string): () => void {
  const autosave = startAutosave(store, server);
  store.setState({ flush: autosave.flush });
  const stopKeeping = keepDraft(store, browserShelf, key);
  const stopSaying = store.subscribe((now, before) => {
    if (now.saving !== before.saving && now.saving !== "dirty" && now.saving !== "saving") {
      announce(translate(`builder:saving.said.${now.saving}`));
    }
  });
  return () => {
    stopSaying();
    stopKeeping();
    void autosave.flush();
    autosave.stop();
  };
}

function say(kind: "edit" | "undo" | "redo", label: string) {
  announce(translate(`builder:announce.${kind}`, { label }));
}
