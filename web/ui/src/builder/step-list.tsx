import { useTranslation } from "@/i18n/texts";
import { Badge } from "@/kit/badge";
import { type Branch, describeArm, describeStep, isDisabled, type Step } from "./model";
import { type Titles, useTitles } from "./titles";

/** Steps as a list to read, branches within. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  const titles = useTitles();
  const { t } = useTranslation("builder");
  return steps.length === 0 ? <p className="text-muted">{t("steps.none")}</p> : <List steps={steps} titles={titles} />;
}

function List({ steps, titles }: { steps: readonly Step[]; titles: Titles }) {
  return (
    <ol className="ms-5 list-decimal marker:text-muted">
      {steps.map((step) => (
        <li key={step.id} className="py-0.5">
          <span className="font-medium">{titles.title(step.type ?? "")}</span>{" "}
          <code className="text-sm text-muted">{step.id}</code>{" "}
          {isDisabled(step) ? <Badge>{titles.t("steps.off")}</Badge> : null}
          {step.type === "branch" ? null : (
            <span className="block text-sm break-words text-muted">{describeStep(step, titles)}</span>
          )}
          {step.type === "branch" ? <Arms step={step} titles={titles} /> : null}
        </li>
      ))}
    </ol>
  );
}

function Arms({ step, titles }: { step: Step; titles: Titles }) {
  const { t } = titles;
  const otherwise: Branch = { name: t("steps.otherwise"), steps: step.otherwise ?? [] };
  const arms = [...(step.branches ?? []), otherwise];
  return (
    <ul className="ms-1 mt-1 flex flex-col gap-1 border-s-2 border-line ps-3">
      {arms.map((arm, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an arm has no id; its place names it
        <li key={i}>
          <span className="font-medium">{arm.name || t("describe.arm", { number: i + 1 })}</span>
          {arm === otherwise ? null : (
            <span className="ms-2 text-sm break-words text-muted">{describeArm(arm, titles)}</span>
          )}
          {arm.steps && arm.steps.length > 0 ? (
            <List steps={arm.steps} titles={titles} />
          ) : (
            <span className="block text-sm text-muted">{t("steps.goesOn")}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
