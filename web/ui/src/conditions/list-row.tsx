import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import { CodeChoice } from "./code-choice";
import type { RowProps } from "./condition-row";
import { ListHow } from "./list-how";
import { codeAt, namesInside, segmentsOfPath } from "./names";
import { newNode } from "./new-node";
import { isNumeric, sumOperators } from "./operators";
import { fromQuery, type QueryGroup, toQuery } from "./query";
import { RuleTree } from "./rule-tree";
import { ScopeProvider, useScope } from "./scope";
import { smallField } from "./small-field";
import { counts, type Group, type ListNode, type Sum } from "./tree";
import { NumberField } from "./value-field";

/** A row about a list: rules that one and the same item must meet, or the sum of something over all items. */
export function ListRow({ node, onChange, disabled }: RowProps<ListNode | Sum>) {
  const { t } = useTranslation("conditions");
  const { names } = useScope();
  return (
    <>
      <CodeChoice value={node.code} onChange={(code) => onChange(newNode(names, code))} disabled={disabled} />
      <div className="flex min-w-0 flex-wrap items-center gap-1.5">
        <ListHow node={node} onChange={onChange} />
        {node.kind === "list" && counts(node.quantifier) ? (
          <NumberField
            label={t("list.count")}
            whole
            className="w-20"
            value={node.count ?? null}
            onChange={(count) => onChange({ ...node, count })}
          />
        ) : null}
        {node.kind === "sum" ? <SumFields node={node} onChange={onChange} /> : null}
      </div>
      {node.kind === "list" ? (
        <ItemRules
          code={node.code}
          rules={node.rules}
          onChange={(rules) => onChange({ ...node, rules })}
          disabled={disabled}
        />
      ) : null}
    </>
  );
}

function SumFields({ node, onChange }: { node: Sum; onChange: (node: Sum) => void }) {
  const { t } = useTranslation("conditions");
  const { names } = useScope();
  const inside = namesInside(codeAt(names, node.code));
  const members = inside.codes.filter((code) => isNumeric(code.type) || code.type === "");
  const listed = node.item === "" || members.some((code) => code.path === node.item);
  return (
    <>
      {listed ? (
        <select
          aria-label={t("list.item")}
          className={smallField}
          value={node.item}
          onChange={(e) => onChange({ ...node, item: e.target.value })}
        >
          {members.length === 0 || node.item === "" ? <option value="">{t("row.item")}</option> : null}
          {members.map((code) => (
            <option key={code.path} value={code.path}>
              {segmentsOfPath(code.path).join(" | ")}
            </option>
          ))}
        </select>
      ) : (
        <input
          aria-label={t("list.item")}
          className={classes(smallField, "font-mono text-sm")}
          value={node.item}
          onChange={(e) => onChange({ ...node, item: e.target.value })}
        />
      )}
      <select
        aria-label={t("row.operator")}
        className={smallField}
        value={node.operator}
        onChange={(e) => onChange({ ...node, operator: e.target.value })}
      >
        {sumOperators.map((operator) => (
          <option key={operator} value={operator}>
            {t([`operator.number.${operator}`, `operator.${operator}`])}
          </option>
        ))}
      </select>
      <NumberField
        label={t("row.value")}
        className="w-28"
        value={typeof node.value === "number" ? node.value : null}
        onChange={(value) => onChange({ ...node, value })}
      />
    </>
  );
}

/** The rules about one item. The rows keep their ids, and so the focus, while their own edits come back. */
function ItemRules({
  code,
  rules,
  onChange,
  disabled,
}: {
  code: string;
  rules: Group;
  onChange: (rules: Group) => void;
  disabled?: boolean;
}) {
  const { t } = useTranslation("conditions");
  const scope = useScope();
  const own = useRef(rules);
  const [query, setQuery] = useState(() => toQuery(rules));
  const inside = useMemo(
    () => ({
      ...scope,
      names: namesInside(codeAt(scope.names, code)),
      depth: scope.depth + 1,
      results: new Map(),
      wrong: new Map(),
    }),
    [scope, code],
  );
  useEffect(() => {
    if (rules !== own.current) {
      own.current = rules;
      setQuery(toQuery(rules));
    }
  }, [rules]);
  const change = (next: QueryGroup) => {
    own.current = fromQuery(next);
    setQuery(next);
    onChange(own.current);
  };
  return (
    <div className="flex flex-col gap-1.5 border-s-2 border-line ps-2">
      <p className="text-sm text-muted">{t("list.sameItem")}</p>
      <ScopeProvider value={inside}>
        <RuleTree query={query} onChange={change} disabled={disabled} />
      </ScopeProvider>
    </div>
  );
}
