import { createContext, useContext } from "react";
import type { Names } from "./names";
import type { Problem, RuleResult } from "./requests";

/** What the rows of a condition need to know. */
export interface Scope {
  names: Names;
  /** what the rows say for the chosen event, by the id of the row */
  results: ReadonlyMap<string, RuleResult>;
  /** what the server finds wrong with a row, by its id */
  wrong: ReadonlyMap<string, Problem>;
  /** asks for a merge code of the trigger; done is called with its path */
  pickCode: (done: (path: string) => void) => void;
  /** the row that was added last: its first field takes the focus */
  fresh: string | undefined;
  setFresh: (id: string | undefined) => void;
  /** how deep the groups around this one are, those of lists counted too */
  depth: number;
  /** an empty condition is a mistake, it does not mean "always" */
  required: boolean;
}

const Context = createContext<Scope | undefined>(undefined);

export const ScopeProvider = Context.Provider;

/** What the rows of a condition need to know. */
export function useScope(): Scope {
  const scope = useContext(Context);
  if (!scope) {
    throw new Error("There is no condition around this row.");
  }
  return scope;
}
