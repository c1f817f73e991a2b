import { useQuery } from "@tanstack/react-query";
import { actionsQuery } from "@/api/queries/actions";
import { useTranslation } from "@/i18n/texts";
import { ErrorState, Skeleton } from "@/kit/state";
import type { Step } from "../model/definition";
import { iconOf } from "../palette/kinds";
import { useProblemsOf, useWarningsOf } from "../state/problems";
import { useBuilder } from "../state/store";
import { BranchForm } from "./branch-form";
import { ConfigForm } from "./config-form";
import { DurationField } from "./fields/duration-field";
import { Heading } from "./heading";
import { messageAt } from "./messages";
import { StepMail } from "./step-mail";
import { StepSettings } from "./step-settings";
import { useStepEdit } from "./use-step-edit";

/** The form of a step: drawn from its action's fields, or our own for what Cartwheel does itself. */
export function StepInspector({ step, id }: { step: Step; id: string }) {
  const { t } = useTranslation("inspector");
  const type = step.type ?? "";
  const { title } = useStepEdit(step, id);
  const actions = useQuery(actionsQuery);
  const action = actions.data?.find((a) => a.type === type);
  const own = type === "branch" || type === "delay" || type === "stop";
  const summary = own ? t(`${type}.summary`) : action?.summary;
  return (
    <>
      <Heading icon={iconOf(type)} title={title} summary={summary} />
      {type === "branch" ? <BranchForm step={step} id={id} /> : null}
      {type === "delay" ? <DelayForm step={step} id={id} /> : null}
      {own ? null : action ? (
        <ActionForm step={step} id={id} fields={action.fields} types={action.authentication_types} />
      ) : actions.isError ? (
        <ErrorState error={actions.error} onRetry={() => void actions.refetch()} />
      ) : actions.isPending ? (
        <Skeleton lines={6} />
      ) : (
        <p className="text-bad">{t("gone", { type })}</p>
      )}
      <StepSettings step={step} id={id} action={!own} />
    </>
  );
}

type Fields = Parameters<typeof ConfigForm>[0]["fields"];

function ActionForm({ step, id, fields, types }: { step: Step; id: string; fields: Fields; types: string[] }) {
  const canEdit = useBuilder((s) => s.canEdit);
  const problems = useProblemsOf("step", id);
  const warnings = useWarningsOf("step", id);
  const { setField } = useStepEdit(step, id);
  return (
    <>
      <ConfigForm
        fields={fields}
        authenticationTypes={types}
        config={step.config ?? {}}
        at="config"
        problems={problems}
        warnings={warnings}
        readOnly={!canEdit}
        onChange={(field, value) => setField(field.name, field.label, value)}
      />
      <StepMail fields={fields} config={step.config ?? {}} />
    </>
  );
}

function DelayForm({ step, id }: { step: Step; id: string }) {
  const { t } = useTranslation("inspector");
  const canEdit = useBuilder((s) => s.canEdit);
  const problems = useProblemsOf("step", id);
  const { setField } = useStepEdit(step, id);
  const value = step.config?.for;
  return (
    <DurationField
      label={t("delay.for")}
      value={typeof value === "string" ? value : ""}
      onChange={(next) => setField("for", t("delay.for"), next === "" ? undefined : next)}
      location="config.for"
      error={messageAt(problems, "config.for") ?? messageAt(problems, "config")}
      required
      readOnly={!canEdit}
    />
  );
}
