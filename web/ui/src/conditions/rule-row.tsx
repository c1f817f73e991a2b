import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import { Checkbox } from "@/kit/field";
import { CodeChoice } from "./code-choice";
import type { RowProps } from "./condition-row";
import { ListHow } from "./list-how";
import { codeAt, typeAt } from "./names";
import { newNode } from "./new-node";
import { isNegative, mayBeMissing, operatorsFor, shapeOf, withCode, withOperator } from "./operators";
import { useScope } from "./scope";
import { smallField } from "./small-field";
import type { Rule } from "./tree";
import { useFocus } from "./use-focus";
import { ValueField } from "./value-field";

/** A comparison: merge code, operator, value. */
export function RuleRow({ node, onChange, fresh, disabled }: RowProps<Rule>) {
  const { t } = useTranslation("conditions");
  const { names } = useScope();
  const type = typeAt(names, node.code);
  const focus = useFocus<HTMLSelectElement>(fresh && node.code !== "");
  const take = (code: string) => {
    const next = newNode(names, code);
    onChange(next.kind === "rule" ? withCode(node, code, type, typeAt(names, code)) : next);
  };
  return (
    <>
      <CodeChoice value={node.code} onChange={take} fresh={fresh && node.code === ""} disabled={disabled} />
      <div className="flex min-w-0 flex-wrap gap-1.5">
        {type === "list" ? (
          <ListHow node={node} onChange={onChange} />
        ) : (
          <select
            ref={focus}
            aria-label={t("row.operator")}
            className={classes(smallField, "max-w-48")}
            value={node.operator}
            onChange={(e) => onChange(withOperator(node, e.target.value, type))}
          >
            {operatorsFor(type, node.operator).map((operator) => (
              <option key={operator} value={operator}>
                {t([`operator.${type === "string" ? "text" : type}.${operator}`, `operator.${operator}`])}
              </option>
            ))}
          </select>
        )}
        <ValueField
          shape={shapeOf(node.operator, type, node.value)}
          value={node.value}
          untyped={type === ""}
          code={codeAt(names, node.code)}
          onChange={(value) => onChange({ ...node, value })}
        />
      </div>
      {mayBeMissing(node.operator) && (node.or_missing || isNegative(node.operator)) ? (
        <Checkbox
          label={t("row.orMissingLabel")}
          help={node.or_missing ? undefined : t("row.missingIsNo")}
          checked={node.or_missing}
          onChange={(e) => onChange({ ...node, or_missing: e.target.checked })}
        />
      ) : null}
    </>
  );
}
