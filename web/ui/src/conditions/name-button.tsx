import { useTranslation } from "@/i18n/texts";
import { shortLabelOf } from "./names";

/** Takes a name that the server proposes in the place of a wrong one. */
export function NameButton({ name, onTake }: { name: string; onTake: () => void }) {
  const { t } = useTranslation("conditions");
  return (
    <button
      type="button"
      title={name}
      className="min-h-6 rounded-md border border-line-strong bg-surface px-1.5 text-start text-sm break-words text-text hover:bg-sunken"
      onClick={onTake}
    >
      {t("text.take", { name: shortLabelOf(name) })}
    </button>
  );
}
