import { useTranslation } from "@/i18n/texts";
import { shownValue } from "./decision";
import { Mark } from "./mark";
import type { RuleResult } from "./requests";
import { counts, type Leaf } from "./tree";

/** Whether a row holds for the chosen event, with the value that it saw. */
export function Verdict({ node, result }: { node: Leaf; result: RuleResult | undefined }) {
  const { t } = useTranslation("conditions");
  if (!result) {
    return null;
  }
  const { missing } = result;
  // an event alone does not tell what the steps before leave behind
  const ofSteps = missing.every((code) => code.startsWith("Steps |"));
  const valueWords = () => {
    if (result.result === null) {
      return t("verdict.notEvaluated");
    }
    if (node.kind === "list" && typeof result.value === "number") {
      return t(counts(node.quantifier) ? "verdict.met" : "verdict.items", { count: result.value });
    }
    return t("verdict.value", { value: shownValue(result.value) });
  };
  return (
    <p className="flex min-w-0 items-start gap-1 text-sm">
      <Mark result={result.result} />
      <span className="min-w-0 break-words">
        {missing.length > 0 ? (
          <span className="text-warn">
            {t(ofSteps ? "verdict.unknown" : "verdict.missing", { codes: missing.join(", ") })}
          </span>
        ) : (
          <span className="text-muted">{valueWords()}</span>
        )}
      </span>
    </p>
  );
}
