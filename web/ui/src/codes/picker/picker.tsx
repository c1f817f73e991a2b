import { useCallback, useDeferredValue, useId, useMemo, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { EmptyState, ErrorState, Skeleton } from "@/kit/state";
import type { Code } from "../codes";
import { useCodes } from "../use-codes";
import { CodeDetail } from "./code-detail";
import { CodeList, rowId } from "./code-list";
import type { CodePickerProps } from "./code-picker";
import { GroupFilter } from "./group-filter";
import { insertionOf, pathWithMember } from "./insertion";
import { recentCodes, rememberCode } from "./recent";
import { SearchField } from "./search-field";
import { keyOf, type Section, shownCodes } from "./shown-codes";
import { useSettings } from "./use-settings";

const none: string[] = [];

/** The search field, what it finds, and all about the chosen one. */
export function Picker({ mode, onPick, place = "text", loops = none, initial }: CodePickerProps) {
  const { t } = useTranslation("codes");
  const list = useId();
  const codes = useCodes();
  const [typed, setTyped] = useState("");
  const [chosenKey, setChosenKey] = useState("");
  const [recent] = useState(recentCodes);
  const soon = useDeferredValue(typed);
  const [group, setGroup] = useState("");
  const find = useCallback(
    (search: string) => shownCodes(codes, { typed: search, loops, items: mode === "template", recent }),
    [codes, loops, mode, recent],
  );
  const found = useMemo(() => find(soon), [find, soon]);
  const sections = useMemo(() => onlyGroup(found, group), [found, group]);
  const usable = useMemo(() => usableIn(sections), [sections]);
  const chosen =
    usable.find((r) => r.key === chosenKey) ??
    (typed === "" && initial ? usable.find((r) => r.code.code === initial.code) : undefined) ??
    usable[0];
  const [settings, setSettings] = useSettings(
    chosen?.key ?? "",
    chosen?.code.code === initial?.code ? initial : undefined,
  );

  const textOf = (code: Code) =>
    mode === "path" ? pathWithMember(code.path, settings.member) : insertionOf({ code, loops, place, ...settings });
  const pick = (code: Code, text: string) => {
    rememberCode(code.code);
    onPick(text, code);
  };
  const move = (by: number) => {
    const at = usable.findIndex((r) => r.key === chosen?.key);
    const next = usable[Math.min(Math.max(at + by, 0), usable.length - 1)];
    setChosenKey(next?.key ?? "");
  };

  // Who types fast and presses Enter means what was typed, not what is still drawn.
  const enter = () => {
    const meant = soon === typed ? chosen : usableIn(onlyGroup(find(typed), group))[0];
    if (meant) {
      pick(meant.code, textOf(meant.code));
    }
  };

  if (codes.status === "error") {
    return <ErrorState error={codes.error} onRetry={codes.retry} />;
  }
  if (codes.status === "pending") {
    return <Skeleton lines={8} />;
  }
  return (
    <div className="grid gap-4 md:min-h-[62dvh] md:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-2">
        <SearchField
          value={typed}
          onChange={(next) => {
            setTyped(next);
            setChosenKey("");
          }}
          list={list}
          row={chosen ? rowId(list, chosen.key) : undefined}
          onMove={move}
          onEnter={enter}
        />
        <GroupFilter sections={found} group={group} onGroup={setGroup} />
        {sections.length === 0 ? (
          <EmptyState title={t("picker.nothing", { typed: typed.trim() })} text={t("picker.nothingHelp")} />
        ) : (
          <CodeList
            id={list}
            sections={sections}
            codes={codes}
            chosen={chosen?.key ?? ""}
            onChoose={setChosenKey}
            onDouble={(code) => pick(code, textOf(code))}
          />
        )}
      </div>
      {chosen ? (
        <section aria-label={t("detail.label")} className="flex min-w-0 flex-col gap-3">
          <CodeDetail
            code={chosen.code}
            codes={codes}
            mode={mode}
            place={place}
            settings={settings}
            onSettings={setSettings}
            insertion={textOf(chosen.code)}
          />
          <Button look="primary" onClick={() => pick(chosen.code, textOf(chosen.code))}>
            {t(initial ? "picker.change" : mode === "path" ? "picker.choose" : "picker.insert")}
          </Button>
        </section>
      ) : null}
    </div>
  );
}

/** What is left when only one group is wanted; a group that is not there is no wish. */
function onlyGroup(sections: Section[], group: string): Section[] {
  const only = sections.filter((s) => s.title === group);
  return only.length > 0 ? only : sections;
}

/** The codes that can be inserted, in the order of the list. */
function usableIn(sections: Section[]): { code: Code; key: string }[] {
  return sections.flatMap((s) =>
    s.codes.filter((code) => !code.reason).map((code) => ({ code, key: keyOf(code, s.title) })),
  );
}
