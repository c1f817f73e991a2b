import { type RuleGroupProps, type RuleGroupType, type RuleProps, useQueryBuilder } from "react-querybuilder";
import { ConditionGroup } from "./condition-group";
import { ConditionRow } from "./condition-row";
import { type QueryGroup, rowField, rowId } from "./query";

const fields = [{ name: rowField, label: rowField }];
const controlElements = { ruleGroup: ConditionGroup, rule: ConditionRow };
const top: number[] = [];

/**
 * The rows and groups of one tree. react-querybuilder arranges them; how they look and what they hold is ours. Its own frame is
 * left out: a tree may stand in a row of another one.
 */
export function RuleTree({
  query,
  onChange,
  disabled,
}: {
  query: QueryGroup;
  onChange: (query: QueryGroup) => void;
  disabled?: boolean;
}) {
  const builder = useQueryBuilder({
    fields,
    query: query as RuleGroupType,
    onQueryChange: (next: RuleGroupType) => {
      if (next !== query) {
        onChange(next as QueryGroup);
      }
    },
    controlElements,
    idGenerator: rowId,
    enableMountQueryChange: false,
    suppressStandardClassnames: true,
    resetOnFieldChange: false,
    resetOnOperatorChange: false,
    addRuleToNewGroups: false,
    disabled,
  });
  return (
    <ConditionGroup
      id={builder.rootGroup.id}
      path={top}
      ruleGroup={builder.rootGroup}
      schema={builder.schema}
      actions={builder.actions}
      translations={builder.translations}
      disabled={builder.rootGroupDisabled}
    />
  );
}

export type { RuleGroupProps, RuleProps };
