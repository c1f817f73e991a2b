import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useRef, useState } from "react";
import { actionsQuery } from "@/api/queries/actions";
import { authenticationsQuery } from "@/api/queries/authentications";
import { useTranslation } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { notify } from "@/kit/toast";
import { Palette } from "../palette/palette";
import { useBuilder, useBuilderStore } from "../state/store";
import { useTitles } from "../titles";
import { WordsProvider } from "../words";
import { clipboard } from "./clipboard";
import { type Ask, type Commands, createCommands } from "./commands";
import { createFocus, FocusProvider, wantFocus } from "./focus";
import { KeysDialog } from "./keys-dialog";
import { MissingDialog } from "./missing-dialog";
import { MoveDialog } from "./move-dialog";
import { PageKeys } from "./page-keys";
import "./texts";

const Context = createContext<Commands | undefined>(undefined);

/** The commands on the opened workflow. */
export function useCommands(): Commands {
  const commands = useContext(Context);
  if (!commands) {
    throw new Error("There is no CommandsProvider around this.");
  }
  return commands;
}

/** Gives canvas, outline and header the commands, and shows the dialogs that these open. It stands around the whole builder. */
export function CommandsProvider({ children }: { children: ReactNode }) {
  const store = useBuilderStore();
  const [focus] = useState(createFocus);
  const keys = useBuilder((s) => s.keysHelp);
  const [dialog, setDialog] = useState<Ask | null>(null);
  const { t } = useTranslation("canvas");
  const { data: actions = [] } = useQuery(actionsQuery);
  const { data: authentications = [] } = useQuery(authenticationsQuery);
  const titles = useTitles();
  const now = useRef({ actions, authentications, titles });
  useLayoutEffect(() => {
    now.current = { actions, authentications, titles };
  }, [actions, authentications, titles]);

  const commands = useMemo(
    () =>
      createCommands({
        store,
        t,
        clipboard,
        ask: setDialog,
        title: (type) => now.current.titles.title(type),
        actions: () => now.current.actions,
        authentications: () => now.current.authentications,
        focus: (key) => wantFocus(focus, key),
        tell: (text, { bad = false } = {}) => (bad ? notify(text, { bad }) : announce(text)),
      }),
    [store, focus, t],
  );
  const close = () => setDialog(null);
  return (
    <Context value={commands}>
      <FocusProvider value={focus}>
        <WordsProvider>
          <PageKeys />
          {children}
          <Palette place={dialog?.kind === "palette" ? dialog.place : undefined} onClose={close} />
          <MoveDialog id={dialog?.kind === "move" ? dialog.id : undefined} onClose={close} />
          <MissingDialog missing={dialog?.kind === "missing" ? dialog : undefined} onClose={close} />
          <KeysDialog open={keys} onClose={() => store.getState().setKeysHelp(false)} />
        </WordsProvider>
      </FocusProvider>
    </Context>
  );
}
