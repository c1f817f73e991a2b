import type { Schema } from "@/api/client";
import { useTranslation } from "@/i18n/texts";
import { inWords } from "./in-words";
import { Mark } from "./mark";

/** A value in one line, as a person reads it. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) {
    return "—";
  }
  return typeof value === "string" ? `“${value}”` : JSON.stringify(value);
}

/** How a condition was decided: the sentence, and each comparison with what it saw. */
export function Decision({
  reason,
  explanation,
  condition = "",
}: {
  reason?: string;
  /** all of it: what stands behind a "not" is shown as that, so that a tick means "as it should be" */
  condition?: string;
  explanation: Schema<"Comparison">[] | null | undefined;
}) {
  const { t } = useTranslation("conditions");
  const parts = explanation ?? [];
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {reason ? <p>{reason}</p> : null}
      {parts.length > 0 ? (
        <ul aria-label={t("decision.label")} className="flex min-w-0 flex-col gap-1">
          {parts.map((part, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same comparison may stand there twice
            <Row key={i} part={part} condition={condition} />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Row({ part, condition }: { part: Schema<"Comparison">; condition: string }) {
  const { t } = useTranslation("conditions");
  const { text, result } = turned(part, condition);
  return (
    <li className="flex min-w-0 items-start gap-1.5 text-sm">
      <Mark result={result} />
      <div className="min-w-0">
        <Test text={text} />
        {part.missing && part.missing.length > 0 ? (
          <p className="text-warn">{t("verdict.missing", { codes: part.missing.join(", ") })}</p>
        ) : (
          <p className="break-words text-muted">{t("verdict.value", { value: shownValue(part.value) })}</p>
        )}
      </div>
    </li>
  );
}

/** One comparison, in words when it is plain. */
function Test({ text }: { text: string }) {
  const { t } = useTranslation("conditions");
  const words = inWords(text, (key) => t(key as "operator.eq"));
  return words === undefined ? (
    <code className="font-mono break-words">{text}</code>
  ) : (
    <span className="break-words" title={text}>
      {words}
    </span>
  );
}

/** A comparison as it stands in the condition: the server tells what is inside of a "not". */
export function turned(
  { expression, result }: Pick<Schema<"Comparison">, "expression" | "result">,
  condition: string,
): { text: string; result: boolean | null } {
  const found = typeof result === "boolean" ? result : null;
  const alone = condition.split(expression).length === 2; // there twice, one of them may be meant
  const not = ["not ", "!", "not (", "!("].some((before) => condition.includes(before + expression));
  if (!alone || !not || found === null) {
    return { text: expression, result: found };
  }
  return { text: /^\w+\(/.test(expression) ? `not ${expression}` : `not (${expression})`, result: !found };
}
