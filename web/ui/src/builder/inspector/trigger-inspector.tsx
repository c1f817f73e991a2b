import { useQuery } from "@tanstack/react-query";
import { Zap } from "lucide-react";
import { triggersQuery } from "@/api/queries/triggers";
import { ConditionEditor } from "@/conditions/condition-editor";
import { useTranslation } from "@/i18n/texts";
import { SelectField } from "@/kit/field";
import { ErrorState, Skeleton } from "@/kit/state";
import { setCondition, setOncePer, setTrigger, setTriggerField } from "../model/edit-workflow";
import { problemsAt, useProblemsOf, useWarningsOf } from "../state/problems";
import { useBuilder } from "../state/store";
import { ConfigForm } from "./config-form";
import { AuthenticationField } from "./fields/authentication-field";
import { Heading } from "./heading";
import { messageAt } from "./messages";

const oncePer = ["event", "shipment", "order", "cart", "customer"];

/** What starts the workflow: the kind of event, the store, the condition, and how often it runs. */
export function TriggerInspector() {
  const { t } = useTranslation("inspector");
  const trigger = useBuilder((s) => s.doc.trigger);
  const condition = useBuilder((s) => s.doc.condition);
  const once = useBuilder((s) => s.doc.once_per);
  const canEdit = useBuilder((s) => s.canEdit);
  const edit = useBuilder((s) => s.edit);
  const problems = useProblemsOf("trigger");
  const warnings = useWarningsOf("trigger");
  const triggers = useQuery(triggersQuery);
  if (triggers.isError) {
    return <ErrorState error={triggers.error} onRetry={() => void triggers.refetch()} />;
  }
  if (triggers.isPending) {
    return <Skeleton />;
  }
  const spec = triggers.data.find((x) => x.type === trigger.type);
  const types = spec?.authentication_types ?? [];
  return (
    <>
      <Heading icon={Zap} title={t("trigger.title")} summary={spec?.summary} />
      <div data-location="trigger.type">
        <SelectField
          label={t("trigger.type")}
          required
          placeholder={trigger.type ? undefined : t("trigger.typeNone")}
          error={messageAt(problems, "trigger.type")}
          value={trigger.type ?? ""}
          disabled={!canEdit}
          options={[
            ...triggers.data.map((x) => ({ value: x.type, label: x.title })),
            ...(spec || !trigger.type ? [] : [{ value: trigger.type, label: trigger.type }]),
          ]}
          onChange={(e) => edit(t("edit.trigger"), (def) => setTrigger(def, { type: e.target.value }))}
        />
      </div>
      {types.length > 0 ? (
        <AuthenticationField
          label={t("trigger.store")}
          required
          error={messageAt(problems, "trigger.authentication_id")}
          value={trigger.authentication_id ?? ""}
          types={types}
          location="trigger.authentication_id"
          readOnly={!canEdit}
          onChange={(authentication_id) => edit(t("edit.trigger"), (def) => setTrigger(def, { authentication_id }))}
        />
      ) : null}
      {spec && spec.fields.length > 0 ? (
        <ConfigForm
          key={spec.type}
          fields={spec.fields}
          authenticationTypes={types}
          config={trigger.config ?? {}}
          at="trigger.config"
          problems={problems}
          warnings={warnings}
          readOnly={!canEdit}
          onChange={(field, value) =>
            edit(t("edit.trigger"), (def) => setTriggerField(def, field.name, value), {
              key: `trigger.config.${field.name}`,
            })
          }
        />
      ) : null}
      <section aria-label={t("trigger.condition")} className="flex min-w-0 flex-col gap-1 border-t border-line pt-4">
        <h3 className="font-semibold">{t("trigger.condition")}</h3>
        <p className="text-sm text-muted">{t("trigger.conditionHelp")}</p>
        <ConditionEditor
          value={condition ?? ""}
          onChange={(next) => edit(t("edit.condition"), (def) => setCondition(def, next), { key: "condition" })}
          location="condition"
          errors={problemsAt(problems, "condition")}
          label={t("trigger.condition")}
          readOnly={!canEdit}
        />
      </section>
      <div data-location="once_per" className="border-t border-line pt-4">
        <SelectField
          label={t("trigger.oncePer")}
          help={t("trigger.oncePerHelp")}
          error={messageAt(problems, "once_per")}
          value={once || "event"}
          disabled={!canEdit}
          options={oncePer.map((per) => ({ value: per, label: t(`trigger.per.${per}`) }))}
          onChange={(e) => edit(t("edit.oncePer"), (def) => setOncePer(def, e.target.value))}
        />
      </div>
    </>
  );
}
