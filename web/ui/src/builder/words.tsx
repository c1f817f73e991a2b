import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import type { Schema } from "@/api/client";
import { authenticationsQuery } from "@/api/queries/authentications";
import { useTranslation } from "@/i18n/texts";
import { type Titles, useTitles } from "./titles";
import "./commands/texts";

/** What hundreds of cards and lines need to speak. They share it: a query and a translator each would be slow. */
export interface Words {
  t: TFunction<"canvas">;
  titles: Titles;
  /** undefined: not known yet */
  authentications: Schema<"Authentication">[] | undefined;
}

const Context = createContext<Words | undefined>(undefined);

/** Gives all cards and lines below their words. */
export function WordsProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation("canvas");
  const titles = useTitles();
  const { data: authentications } = useQuery(authenticationsQuery);
  const value = useMemo(() => ({ t, titles, authentications }), [t, titles, authentications]);
  return <Context value={value}>{children}</Context>;
}

/** The words of cards and lines. */
export function useWords(): Words {
  const words = useContext(Context);
  if (!words) {
    throw new Error("There is no CommandsProvider around this.");
  }
  return words;
}
