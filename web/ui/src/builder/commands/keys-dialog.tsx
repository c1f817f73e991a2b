import { useTranslation } from "@/i18n/texts";
import { Dialog } from "@/kit/dialog";
import { Checkbox } from "@/kit/field";
import { useLetterKeys } from "../keys";

const sections: { id: string; rows: [keys: string[], text: string][] }[] = [
  {
    id: "everywhere",
    rows: [
      [["Ctrl K"], "palette"],
      [["Ctrl Z"], "undo"],
      [["Ctrl Shift Z", "Ctrl Y"], "redo"],
      [["Esc"], "back"],
      [["{{", "/"], "mergeCode"],
    ],
  },
  {
    id: "inside",
    rows: [
      [["↑", "↓", "←", "→"], "walk"],
      [["Home", "End"], "ends"],
      [["Enter"], "edit"],
      [["Alt ↑", "Alt ↓"], "reorder"],
      [["Del"], "remove"],
      [["Ctrl C", "Ctrl X", "Ctrl V"], "clipboard"],
    ],
  },
  {
    id: "letters",
    rows: [
      [["A", "Shift A"], "add"],
      [["D"], "duplicate"],
      [["X"], "toggle"],
      [["T"], "test"],
      [["O"], "twin"],
      [["?"], "help"],
    ],
  },
];

/** Lists the keys of the builder, and switches single letters off. */
export function KeysDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation("canvas");
  const [letters, setLetters] = useLetterKeys();
  return (
    <Dialog open={open} onClose={onClose} title={t("keys.title")} size="medium">
      <div className="flex flex-col gap-5">
        {sections.map((section) => (
          <section key={section.id} aria-labelledby={`keys-${section.id}`}>
            <h3 id={`keys-${section.id}`} className="mb-1 font-semibold">
              {t(`keys.${section.id}.title`)}
            </h3>
            <dl className="grid grid-cols-[minmax(min-content,13rem)_1fr] gap-x-4 gap-y-1.5">
              {section.rows.map(([keys, text]) => (
                <div key={text} className="col-span-2 grid grid-cols-subgrid items-baseline">
                  <dt className="flex flex-wrap gap-1">
                    {keys.map((key) => (
                      <kbd
                        key={key}
                        className="rounded border border-line-strong bg-sunken px-1.5 font-mono text-sm whitespace-nowrap"
                      >
                        {key}
                      </kbd>
                    ))}
                  </dt>
                  <dd className="text-muted">{t(`keys.${section.id}.${text}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Checkbox
          label={t("keys.setting")}
          help={t("keys.settingHelp")}
          checked={letters}
          onChange={(event) => setLetters(event.target.checked)}
        />
      </div>
    </Dialog>
  );
}
