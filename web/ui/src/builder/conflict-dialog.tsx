import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import { Time } from "@/kit/time";
import { DifferenceList } from "./difference-list";
import { definitionOf } from "./model";
import { type BuilderState, type Saved, useBuilder, useBuilderStore } from "./state/store";

interface Props {
  conflict: NonNullable<BuilderState["conflict"]>;
  onClose: () => void;
}

/** Somebody else changed the draft: shows both and asks which to go on with. Both are kept until then. */
export function ConflictDialog({ conflict, onClose }: Props) {
  const { t } = useTranslation("builder");
  const { getState } = useBuilderStore();
  const gone = conflict === "gone";
  return (
    <Dialog
      open
      onClose={onClose}
      size="medium"
      title={gone ? t("conflict.goneTitle") : t("conflict.title")}
      text={gone ? t("conflict.goneText") : t("conflict.text")}
      footer={
        <>
          <Button onClick={onClose}>{t("conflict.later")}</Button>
          {gone ? null : (
            <Button onClick={() => getState().takeOver(conflict, t("edit.theirs"))}>{t("conflict.theirs")}</Button>
          )}
          <Button look="primary" onClick={() => getState().keepMine()}>
            {gone ? t("conflict.again") : t("conflict.mine")}
          </Button>
        </>
      }
    >
      {gone ? null : <Both theirs={conflict} />}
    </Dialog>
  );
}

function Both({ theirs }: { theirs: Saved }) {
  const { t } = useTranslation("builder");
  const base = useBuilder((s) => s.base);
  const doc = useBuilder((s) => s.doc);
  const by = theirs.workflow.updated_by;
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <section aria-label={t("conflict.theirChanges")}>
        <h3 className="font-semibold">{t("conflict.theirChanges")}</h3>
        <p className="mb-2 text-sm text-muted">
          {by ? t("conflict.by", { name: by }) : null} <Time at={theirs.workflow.updated_at} />
        </p>
        <DifferenceList before={base} after={definitionOf(theirs.workflow)} />
      </section>
      <section aria-label={t("conflict.myChanges")}>
        <h3 className="font-semibold">{t("conflict.myChanges")}</h3>
        <p className="mb-2 text-sm text-muted">{t("conflict.unsaved")}</p>
        <DifferenceList before={base} after={doc} />
      </section>
    </div>
  );
}
