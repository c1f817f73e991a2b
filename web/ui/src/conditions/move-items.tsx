import { ArrowDown, ArrowUp, Copy, Group } from "lucide-react";
import { insert, type QueryActions, type RuleGroupProps, type RuleGroupType, remove } from "react-querybuilder";
import { useTranslation } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { MenuItem } from "@/kit/menu";
import { fromQuery, type QueryGroup, type QueryRule, rowId, toQuery, toRow } from "./query";

interface Props {
  path: number[];
  schema: RuleGroupProps["schema"];
  actions: QueryActions;
  shiftUpDisabled?: boolean;
  shiftDownDisabled?: boolean;
}

/** The lines of a menu that move a row or a group. */
export function MoveItems({ path, schema, actions, shiftUpDisabled, shiftDownDisabled }: Props) {
  const { t } = useTranslation("conditions");
  const entry = () => entryAt(schema.getQuery() as unknown as QueryGroup, path);
  const move = (to: "up" | "down") => {
    actions.moveRule(path, to);
    announce(t(`said.${to}`));
  };
  const wrap = () => {
    const inner = entry();
    if (!inner) {
      return;
    }
    const query = schema.getQuery() as RuleGroupType;
    const wrapped: QueryGroup = { id: rowId(), combinator: "or", not: false, rules: [inner] };
    schema.dispatchQuery(insert(remove(query, path), wrapped as never, path));
    announce(t("said.wrapped"));
  };
  const duplicate = () => {
    const inner = entry();
    if (!inner) {
      return;
    }
    const copy = "rules" in inner ? toQuery(fromQuery(inner)) : toRow(inner.value);
    const next = [...path.slice(0, -1), (path.at(-1) ?? 0) + 1];
    schema.dispatchQuery(insert(schema.getQuery() as RuleGroupType, copy as never, next));
    announce(t("said.copied"));
  };
  return (
    <>
      <MenuItem
        disabled={shiftUpDisabled}
        icon={<ArrowUp aria-hidden className="size-4" />}
        onSelect={() => move("up")}
      >
        {t("row.up")}
      </MenuItem>
      <MenuItem
        disabled={shiftDownDisabled}
        icon={<ArrowDown aria-hidden className="size-4" />}
        onSelect={() => move("down")}
      >
        {t("row.down")}
      </MenuItem>
      <MenuItem icon={<Copy aria-hidden className="size-4" />} onSelect={duplicate}>
        {t("row.duplicate")}
      </MenuItem>
      <MenuItem icon={<Group aria-hidden className="size-4" />} onSelect={wrap}>
        {t("row.wrap")}
      </MenuItem>
    </>
  );
}

function entryAt(query: QueryGroup, path: number[]): QueryGroup | QueryRule | undefined {
  let entry: QueryGroup | QueryRule | undefined = query;
  for (const index of path) {
    entry = entry && "rules" in entry ? entry.rules[index] : undefined;
  }
  return entry;
}
