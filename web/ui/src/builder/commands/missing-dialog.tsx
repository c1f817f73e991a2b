import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { actionsQuery } from "@/api/queries/actions";
import { authenticationsQuery } from "@/api/queries/authentications";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { SelectField } from "@/kit/field";
import { flatten, stepOf } from "../model/find";
import { useBuilder, useBuilderStore } from "../state/store";
import { useTitles } from "../titles";
import type { Ask } from "./commands";
import { useFocusStore, wantFocus } from "./focus";
import { useCommands } from "./provider";
import { selectionKey } from "./selection";

type Missing = Extract<Ask, { kind: "missing" }>;

/** Asks what takes the place of authentications that pasted steps name and that are not here. */
export function MissingDialog({ missing, onClose }: { missing: Missing | undefined; onClose: () => void }) {
  const { t } = useTranslation("canvas");
  const store = useBuilderStore();
  const focus = useFocusStore();
  function toPasted() {
    wantFocus(focus, selectionKey(store.getState().selection));
    return false;
  }
  return (
    <Dialog
      open={missing !== undefined}
      onClose={onClose}
      title={t("missing.title")}
      text={t("missing.text")}
      returnFocus={toPasted}
    >
      {missing ? <Choices missing={missing} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Choices({ missing, onClose }: { missing: Missing; onClose: () => void }) {
  const { t } = useTranslation("canvas");
  const commands = useCommands();
  const { title } = useTitles();
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const { data: authentications = [] } = useQuery(authenticationsQuery);
  const { data: actions = [] } = useQuery(actionsQuery);
  const steps = useBuilder((s) => s.doc.steps);
  const inside = useMemo(
    () => flatten({ steps: missing.steps.flatMap((id) => stepOf(steps, id) ?? []) }),
    [missing, steps],
  );
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onClose();
        commands.replaceAuthentications(
          missing.steps,
          Object.fromEntries(missing.ids.map((id) => [id, chosen[id] ?? ""])),
        );
      }}
    >
      {missing.ids.map((id) => {
        const users = inside.filter((f) => f.step.config?.authentication_id === id);
        const types = new Set(
          users.flatMap((f) => actions.find((a) => a.type === f.step.type)?.authentication_types ?? []),
        );
        const names = [...new Set(users.map((f) => title(f.step.type ?? "")))].join(", ");
        return (
          <SelectField
            key={id}
            label={t("missing.for", { names })}
            placeholder={t("missing.none")}
            value={chosen[id] ?? ""}
            onChange={(event) => setChosen({ ...chosen, [id]: event.target.value })}
            options={authentications.filter((a) => types.has(a.type)).map((a) => ({ value: a.id, label: a.name }))}
          />
        );
      })}
      <div className="flex justify-end">
        <Button type="submit" look="primary">
          {t("missing.use")}
        </Button>
      </div>
    </form>
  );
}
