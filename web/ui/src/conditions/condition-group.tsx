import { EllipsisVertical, FolderPlus, Plus, SquareCode, Trash2 } from "lucide-react";
import { type ComponentType, useId } from "react";
import { type RuleGroupProps, type RuleGroupType, type RuleProps, update } from "react-querybuilder";
import { useTranslation } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { Button, IconButton } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Menu, MenuItem } from "@/kit/menu";
import { focusNeighbour } from "./focus-neighbour";
import { MoveItems } from "./move-items";
import { labelOf } from "./names";
import { newNode } from "./new-node";
import { type QueryGroup, rowId, toRow } from "./query";
import { useScope } from "./scope";
import { smallField } from "./small-field";
import { emptyGroup } from "./tree";

/** Groups inside of groups, and rules of lists, go so deep and no deeper. */
const deepest = 10;

// What holds of the rows of a group, as one choice: the combinator and the "not" of the tree.
const senses: Record<string, { combinator: "and" | "or"; not: boolean }> = {
  all: { combinator: "and", not: false },
  any: { combinator: "or", not: false },
  not_all: { combinator: "and", not: true },
  none: { combinator: "or", not: true },
};

/** Rows that belong together: all of them, any of them, or not. */
export function ConditionGroup(props: RuleGroupProps) {
  const { path, schema, actions, translations, disabled } = props;
  const { t } = useTranslation("conditions");
  const scope = useScope();
  const group = props.ruleGroup as unknown as QueryGroup;
  const id = useId();
  const outermost = path.length === 0;
  const Row = schema.controls.rule as ComponentType<RuleProps>;
  const sense =
    Object.keys(senses).find((s) => senses[s]?.combinator === group.combinator && senses[s]?.not === group.not) ??
    "all";

  const add = (row: QueryGroup | ReturnType<typeof toRow>, said: string) => {
    scope.setFresh(row.id);
    if ("rules" in row) {
      actions.onGroupAdd(row as never, path);
    } else {
      actions.onRuleAdd(row as never, path);
    }
    announce(said);
  };
  const addRule = (code: string) =>
    add(toRow(newNode(scope.names, code)), t("said.added", { what: labelOf(scope.names, code) }));
  // An item's few members stand in the row's own list; the trigger's many are looked for first.
  const addCode = () => (scope.names.list ? addRule("") : scope.pickCode(addRule));
  const addGroup = () =>
    add(
      { id: rowId(), combinator: group.combinator === "and" ? "or" : "and", not: false, rules: [] },
      t("said.groupAdded"),
    );
  const addRaw = () => add(toRow({ kind: "raw", text: "" }), t("said.added", { what: t("raw.title") }));
  const removeGroup = (button: Element) => {
    focusNeighbour(button);
    actions.onGroupRemove(path);
    announce(t("said.groupRemoved"));
  };
  const choose = (next: string) => {
    const to = senses[next] ?? emptyGroup();
    const query = schema.getQuery() as RuleGroupType;
    schema.dispatchQuery(update(update(query, "combinator", to.combinator, path), "not", to.not, path));
  };

  return (
    <div
      role="group"
      aria-labelledby={`${id}-sense`}
      data-depth={path.length}
      className={classes(
        "flex min-w-0 flex-col gap-2",
        !outermost && "rounded-md border border-line border-s-2 border-s-accent bg-canvas p-2",
      )}
    >
      {outermost && group.rules.length < 2 && sense === "all" ? (
        <span id={`${id}-sense`} className="sr-only">
          {t("sense.all")}
        </span>
      ) : (
        <div className="flex items-center gap-1">
          <select
            id={`${id}-sense`}
            aria-label={t("sense.label")}
            className={classes(smallField, "font-medium")}
            value={sense}
            onChange={(e) => choose(e.target.value)}
          >
            {Object.keys(senses).map((s) => (
              <option key={s} value={s}>
                {t(`sense.${s}`)}
              </option>
            ))}
          </select>
          <span className="grow" />
          {outermost ? null : (
            <>
              <Menu
                trigger={
                  <IconButton label={t("group.more")} disabled={disabled}>
                    <EllipsisVertical aria-hidden className="size-4" />
                  </IconButton>
                }
              >
                <MoveItems {...props} />
                <MenuItem onSelect={() => actions.ungroupRuleGroup(path)}>{t("group.dissolve")}</MenuItem>
              </Menu>
              <IconButton label={t("group.remove")} onClick={(e) => removeGroup(e.currentTarget)}>
                <Trash2 aria-hidden className="size-4" />
              </IconButton>
            </>
          )}
        </div>
      )}
      {group.rules.length > 0 ? (
        <ul className="flex min-w-0 flex-col gap-2">
          {group.rules.map((entry, index) => {
            const below = {
              id: entry.id,
              path: [...path, index],
              schema,
              actions,
              translations,
              disabled,
              shiftUpDisabled: index === 0 && outermost,
              shiftDownDisabled: index === group.rules.length - 1 && outermost,
            };
            return (
              <li key={entry.id} className="min-w-0">
                {"rules" in entry ? (
                  <ConditionGroup {...below} ruleGroup={entry as never} />
                ) : (
                  <Row {...below} rule={entry as never} />
                )}
              </li>
            );
          })}
        </ul>
      ) : (
        <p className="text-sm text-muted">
          {outermost ? t(scope.names.list ? "list.noRules" : scope.required ? "needed" : "always") : t("group.empty")}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-1">
        <Button small data-add icon={<Plus aria-hidden className="size-4" />} onClick={addCode}>
          {t("add.rule")}
        </Button>
        <Button
          small
          look="quiet"
          disabled={scope.depth + path.length + 1 >= deepest}
          icon={<FolderPlus aria-hidden className="size-4" />}
          aria-label={t("add.group")}
          onClick={addGroup}
        >
          {t("add.groupShort")}
        </Button>
        <Button
          small
          look="quiet"
          icon={<SquareCode aria-hidden className="size-4" />}
          aria-label={t("add.raw")}
          onClick={addRaw}
        >
          {t("add.rawShort")}
        </Button>
      </div>
    </div>
  );
}
