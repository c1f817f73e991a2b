import { useCallback, useMemo, useState } from "react";
import { QueryBuilderStateProvider } from "react-querybuilder";
import { CodePicker } from "@/codes/picker/code-picker";
import type { Names } from "./names";
import type { QueryGroup } from "./query";
import type { Problem, RuleResult } from "./requests";
import { RuleTree } from "./rule-tree";
import { type Scope, ScopeProvider } from "./scope";

interface Props {
  label: string;
  names: Names;
  query: QueryGroup;
  onChange: (query: QueryGroup) => void;
  results: ReadonlyMap<string, RuleResult>;
  wrong: ReadonlyMap<string, Problem>;
  disabled?: boolean;
  required?: boolean;
}

/** A condition as rows that can be filled in. */
export function VisualCondition({ label, names, query, onChange, results, wrong, disabled, required = false }: Props) {
  const [fresh, setFresh] = useState<string>();
  const [asking, setAsking] = useState<{ done: (path: string) => void }>();
  const pickCode = useCallback((done: (path: string) => void) => setAsking({ done }), []);
  const scope = useMemo<Scope>(
    () => ({ names, results, wrong, pickCode, fresh, setFresh, depth: 0, required }),
    [names, results, wrong, pickCode, fresh, required],
  );
  return (
    <fieldset disabled={disabled} aria-label={label} className="min-w-0">
      <QueryBuilderStateProvider>
        <ScopeProvider value={scope}>
          <RuleTree query={query} onChange={onChange} disabled={disabled} />
        </ScopeProvider>
      </QueryBuilderStateProvider>
      {asking ? (
        <CodePicker
          open
          mode="path"
          onClose={() => setAsking(undefined)}
          onPick={(path) => {
            setAsking(undefined);
            asking.done(path);
          }}
        />
      ) : null}
    </fieldset>
  );
}
