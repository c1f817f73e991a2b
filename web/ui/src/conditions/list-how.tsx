import { useTranslation } from "@/i18n/texts";
import { codeAt, namesInside } from "./names";
import { isNumeric } from "./operators";
import { useScope } from "./scope";
import { smallField } from "./small-field";
import {
  counts,
  emptyGroup,
  type Leaf,
  type ListNode,
  type Quantifier,
  quantifiers,
  type Rule,
  type Sum,
} from "./tree";

const plain = ["empty", "not_empty", "missing", "present"];

/** What is asked of a list: how many of its items, the sum of something, or whether there are any at all. */
export function ListHow({ node, onChange }: { node: ListNode | Sum | Rule; onChange: (node: Leaf) => void }) {
  const { t } = useTranslation("conditions");
  const { names } = useScope();
  const how = node.kind === "list" ? node.quantifier : node.kind === "sum" ? "sum" : node.operator;
  const added = namesInside(codeAt(names, node.code)).codes.find((code) => isNumeric(code.type))?.path ?? "";
  return (
    <select
      aria-label={t("list.how")}
      className={smallField}
      value={how}
      onChange={(e) => onChange(asked(node, e.target.value, added))}
    >
      {[...quantifiers, "sum", ...plain].map((q) => (
        <option key={q} value={q}>
          {t(`quantifier.${q}`)}
        </option>
      ))}
    </select>
  );
}

/**
 * The row with another question about its list; what it has stays as far as it fits. `added` is what a sum adds up at first.
 */
export function asked(node: ListNode | Sum | Rule, how: string, added: string): Leaf {
  if (how === "sum") {
    return node.kind === "sum" ? node : { kind: "sum", code: node.code, item: added, operator: "ge", value: null };
  }
  if (plain.includes(how)) {
    return { kind: "rule", code: node.code, operator: how, value: null, or_missing: false };
  }
  const quantifier = how as Quantifier;
  const rules = node.kind === "list" ? node.rules : emptyGroup();
  const count = node.kind === "list" && node.count ? node.count : 1;
  return { kind: "list", code: node.code, quantifier, rules, ...(counts(quantifier) ? { count } : {}) };
}
