import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FilePlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { authenticationsQuery } from "@/api/queries/authentications";
import { templatesQuery } from "@/api/queries/templates";
import { triggersQuery } from "@/api/queries/triggers";
import { useMay } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { classes } from "@/kit/classes";
import { Dialog } from "@/kit/dialog";
import { SelectField, TextField } from "@/kit/field";
import { ErrorState, Skeleton } from "@/kit/state";
import { fillIn } from "./fill-in";

const empty = "empty";

/** Makes a workflow, from nothing or from a ready-made one, and opens it in the builder. */
export function NewWorkflow({ onClose, readyMade = false }: { onClose: () => void; readyMade?: boolean }) {
  const { t } = useTranslation("workflows");
  const templates = useQuery(templatesQuery);
  const triggers = useQuery(triggersQuery);
  const authentications = useQuery(authenticationsQuery);
  const failed = templates.error ?? triggers.error ?? authentications.error;
  return (
    <Dialog open onClose={onClose} title={t("new.title")} size="medium">
      {failed ? (
        <ErrorState
          error={failed}
          onRetry={() => void Promise.all([templates.refetch(), triggers.refetch(), authentications.refetch()])}
        />
      ) : templates.data && triggers.data && authentications.data ? (
        <NewForm
          templates={templates.data}
          triggers={triggers.data}
          authentications={authentications.data}
          readyMade={readyMade}
          onClose={onClose}
        />
      ) : (
        <Skeleton />
      )}
    </Dialog>
  );
}

interface NewFormProps {
  templates: Schema<"Template">[];
  triggers: Schema<"Trigger">[];
  authentications: Schema<"Authentication">[];
  /** one of the ready-made ones is what the person came for */
  readyMade: boolean;
  onClose: () => void;
}

function NewForm({ templates, triggers, authentications, readyMade, onClose }: NewFormProps) {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const client = useQueryClient();
  const [from, setFrom] = useState((readyMade && templates[0]?.id) || empty);
  const template = templates.find((x) => x.id === from);
  const [name, setName] = useState("");
  const [trigger, setTrigger] = useState(triggers[0]?.type ?? "");
  const type = template?.workflow.trigger.type ?? trigger;
  const accepted = triggers.find((x) => x.type === type)?.authentication_types ?? [];
  const stores = authentications.filter((a) => accepted.includes(a.type));
  const [store, setStore] = useState("");
  const chosen = store || (stores.length === 1 ? (stores[0]?.id ?? "") : "");
  const make = useMutation({
    mutationFn: () => {
      const start = template
        ? fillIn(template.workflow, authentications, chosen)
        : { trigger: { type, ...(chosen ? { authentication_id: chosen } : {}) }, condition: "", steps: [] };
      return body(
        api.POST("/api/v1/workflows", {
          body: { ...start, name: name.trim() || template?.title || t("new.defaultName") },
        }),
      );
    },
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ["workflows"] });
      void navigate({ to: "/workflows/$id", params: { id: made.id } });
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    make.mutate();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <fieldset>
        <legend className="mb-2 font-medium">{t("new.from")}</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          <Choice value={empty} chosen={from} onChoose={setFrom} title={t("new.empty")} text={t("new.emptyText")} />
          {templates.map((x) => (
            <Choice key={x.id} value={x.id} chosen={from} onChoose={setFrom} title={x.title} text={x.summary} />
          ))}
        </div>
      </fieldset>
      <TextField
        label={t("new.name")}
        value={name}
        maxLength={200}
        placeholder={template?.title ?? t("new.defaultName")}
        onChange={(e) => setName(e.target.value)}
      />
      {template ? null : (
        <SelectField
          label={t("new.trigger")}
          help={triggers.find((x) => x.type === trigger)?.summary}
          value={trigger}
          options={triggers.map((x) => ({ value: x.type, label: x.title }))}
          onChange={(e) => setTrigger(e.target.value)}
        />
      )}
      {accepted.length > 0 && stores.length === 0 ? <NoStore /> : null}
      {stores.length > 1 ? (
        <SelectField
          label={t("new.store")}
          placeholder={t("new.chooseStore")}
          value={chosen}
          options={stores.map((a) => ({ value: a.id, label: a.name }))}
          onChange={(e) => setStore(e.target.value)}
        />
      ) : null}
      {make.error ? <ErrorState error={make.error} title={t("new.failed")} /> : null}
      <div className="sticky -bottom-3 -mx-4 -mb-3 flex justify-end gap-2 border-t border-line bg-surface px-4 py-3">
        <Button onClick={onClose}>{t("common:action.cancel")}</Button>
        <Button type="submit" look="primary" busy={make.isPending}>
          {t("new.create")}
        </Button>
      </div>
    </form>
  );
}

/** Says that there is no store yet, and who can connect one. */
function NoStore() {
  const { t } = useTranslation("workflows");
  const may = useMay("integration_manager");
  return (
    <p className="rounded-md bg-warn-soft p-3 text-warn">
      {t("new.noStore")}{" "}
      {may ? (
        <Link to="/authentications/new" search={{ type: "bigcommerce" }} className="underline">
          {t("new.connect")}
        </Link>
      ) : (
        t("new.whoConnects")
      )}
    </p>
  );
}

interface ChoiceProps {
  value: string;
  chosen: string;
  title: string;
  text: string;
  onChoose: (value: string) => void;
}

function Choice({ value, chosen, title, text, onChoose }: ChoiceProps) {
  return (
    <label
      className={classes(
        "flex cursor-pointer items-start gap-2 rounded-md border p-3",
        value === chosen ? "border-accent bg-accent-soft" : "border-line-strong bg-surface",
      )}
    >
      <input
        type="radio"
        name="from"
        value={value}
        checked={value === chosen}
        onChange={() => onChoose(value)}
        className="mt-1 size-4 accent-(--accent)"
      />
      <span>
        <span className="flex items-center gap-1 font-medium">
          {value === empty ? <FilePlus aria-hidden className="size-4" /> : null}
          {title}
        </span>
        <span className="block text-sm text-muted">{text}</span>
      </span>
    </label>
  );
}
