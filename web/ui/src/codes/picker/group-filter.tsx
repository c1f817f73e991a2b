import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import type { Section } from "./shown-codes";

/** The headings as buttons: one shows only its own codes, pressed again it shows all. */
export function GroupFilter({
  sections,
  group,
  onGroup,
}: {
  sections: Section[];
  group: string;
  onGroup: (group: string) => void;
}) {
  const { t } = useTranslation("codes");
  const titles = [...new Set(sections.filter((s) => s.codes.some((c) => !c.reason)).map((s) => s.title))].filter(
    (title) => !title.startsWith("@"),
  );
  if (titles.length < 2) {
    return null;
  }
  return (
    <div role="group" aria-label={t("picker.groups")} className="flex flex-wrap gap-1">
      {titles.map((title) => (
        <button
          key={title}
          type="button"
          aria-pressed={title === group}
          onClick={() => onGroup(title === group ? "" : title)}
          className={classes(
            "min-h-6 rounded-full border px-2 text-sm",
            title === group
              ? "border-accent bg-accent-soft font-medium text-accent-strong"
              : "border-line text-muted hover:bg-sunken",
          )}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
