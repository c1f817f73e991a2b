import { useEffect, useRef } from "react";
import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import type { Code } from "../codes";
import type { Codes } from "../use-codes";
import { CodeRow } from "./code-row";
import { keyOf, type Section } from "./shown-codes";

interface CodeListProps {
  id: string;
  sections: Section[];
  codes: Codes;
  chosen: string;
  onChoose: (key: string) => void;
  onDouble: (code: Code) => void;
}

/** The id of a row's element, for the search field that speaks for the list. */
export function rowId(list: string, key: string): string {
  return `${list}-${key.replace(/[^A-Za-z0-9]+/g, "-")}`;
}

/** The sections of codes. The keyboard stays in the search field; the mouse chooses here. */
export function CodeList({ id, sections, codes, chosen, onChoose, onDouble }: CodeListProps) {
  const { t } = useTranslation("codes");
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const row = list.current?.querySelector(`#${CSS.escape(rowId(id, chosen))}`);
    row?.scrollIntoView({ block: "nearest" });
  }, [id, chosen]);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      tabIndex={-1}
      aria-label={t("picker.list")}
      className="max-h-[38dvh] overflow-y-auto rounded-md border border-line p-1 md:max-h-[56dvh]"
    >
      {sections.map((section) => {
        const title = section.title.startsWith("@") ? t(section.title.slice(1)) : section.title;
        return (
          <div key={`${section.title}${section.codes[0]?.reason ? " -" : ""}`} role="group" aria-label={title}>
            <div aria-hidden className="px-2 pt-2 pb-1 text-sm font-semibold text-muted">
              {title}
            </div>
            {section.codes.map((code) => {
              const key = keyOf(code, section.title);
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the keys
                <div
                  key={key}
                  id={rowId(id, key)}
                  role="option"
                  aria-selected={key === chosen}
                  aria-disabled={Boolean(code.reason) || undefined}
                  onClick={code.reason ? undefined : () => onChoose(key)}
                  onDoubleClick={code.reason ? undefined : () => onDouble(code)}
                  className={classes(
                    "flex rounded px-2 py-1.5",
                    code.reason ? "cursor-not-allowed" : "cursor-pointer hover:bg-sunken",
                    key === chosen && "bg-accent-soft hover:bg-accent-soft",
                  )}
                >
                  <CodeRow code={code} codes={codes} />
                </div>
              );
            })}
          </div>
        );
      })}
    </div>
  );
}
