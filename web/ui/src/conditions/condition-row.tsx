import { EllipsisVertical, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { RuleProps } from "react-querybuilder";
import { useTranslation } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { IconButton } from "@/kit/button";
import { Menu, MenuItem } from "@/kit/menu";
import { lackOf } from "./complete";
import { focusNeighbour } from "./focus-neighbour";
import { ListRow } from "./list-row";
import { MoveItems } from "./move-items";
import { labelOf, typeAt } from "./names";
import { mayBeMissing } from "./operators";
import type { QueryRule } from "./query";
import { RawRow } from "./raw-row";
import { RowProblem } from "./row-problem";
import { RuleRow } from "./rule-row";
import { useScope } from "./scope";
import type { Leaf } from "./tree";
import { Verdict } from "./verdict";

/** What each kind of row gets. */
export interface RowProps<Node extends Leaf> {
  node: Node;
  onChange: (node: Leaf) => void;
  /** it was just added: its first field takes the focus */
  fresh: boolean;
  disabled?: boolean;
}

/** One row of a condition: what it says, what it lacks, and what it comes to for the chosen event. */
export function ConditionRow(props: RuleProps) {
  const { path, actions, disabled } = props;
  const { t } = useTranslation("conditions");
  const scope = useScope();
  const row = props.rule as unknown as QueryRule;
  const node = row.value;
  const typeOf = (code: string) => typeAt(scope.names, code);
  const lack = lackOf(node, typeOf);
  const wrong = scope.wrong.get(row.id);
  const change = (next: Leaf) => actions.onPropChange("value", next, path);
  const name = node.kind === "raw" ? t("raw.title") : labelOf(scope.names, node.code) || t("row.unnamed");
  const remove = (button: Element) => {
    focusNeighbour(button);
    actions.onRuleRemove(path);
    announce(t("said.removed", { what: name }));
  };
  const inner = { onChange: change, fresh: scope.fresh === row.id, disabled };

  return (
    <div
      role="group"
      aria-label={name}
      className="relative flex min-w-0 flex-col gap-1.5 rounded-md border border-line bg-surface p-2"
    >
      {rowOf(node, inner)}
      {wrong ? <RowProblem node={node} problem={wrong} onChange={change} /> : null}
      {lack && !wrong ? <p className="text-sm text-warn">{t(`lack.${lack}`)}</p> : null}
      <Verdict node={node} result={scope.results.get(row.id)} />
      {/* last in reading order, first line on the screen: rows leave this corner free */}
      <div className="absolute end-1 top-2 flex">
        <Menu
          trigger={
            <IconButton label={t("row.more", { what: name })} disabled={disabled}>
              <EllipsisVertical aria-hidden className="size-4" />
            </IconButton>
          }
        >
          <MoveItems {...props} />
          {node.kind === "rule" && mayBeMissing(node.operator) && !node.or_missing ? (
            <MenuItem onSelect={() => change({ ...node, or_missing: true })}>{t("row.orMissing")}</MenuItem>
          ) : null}
        </Menu>
        <IconButton label={t("row.remove", { what: name })} onClick={(e) => remove(e.currentTarget)}>
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      </div>
    </div>
  );
}

function rowOf(node: Leaf, inner: Omit<RowProps<Leaf>, "node">): ReactNode {
  switch (node.kind) {
    case "rule":
      return <RuleRow node={node} {...inner} />;
    case "raw":
      return <RawRow node={node} {...inner} />;
    default:
      return <ListRow node={node} {...inner} />;
  }
}
