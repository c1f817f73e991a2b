import { useState } from "react";
import type { Schema } from "@/api/client";
import { useMay } from "@/api/session";
import { usePreviewContext } from "@/codes/source";
import { useCodes } from "@/codes/use-codes";
import { useTranslation } from "@/i18n/texts";
import { ErrorState, Skeleton } from "@/kit/state";
import { Tabs } from "@/kit/tabs";
import { ConditionBadge } from "./condition-badge";
import { ConditionProblems } from "./condition-problems";
import type { Names } from "./names";
import { rememberedTab, rememberTab } from "./remembered-tab";
import { TextCondition } from "./text-condition";
import "./texts";
import { useCheck } from "./use-check";
import { VisualTab } from "./visual-tab";

export interface ConditionEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** where it stands in the definition: "body.condition", "body.steps[0].branches[1].condition" */
  location: string;
  /** what is wrong with it, as the workflow's problems say */
  errors?: Schema<"Problem">[];
  /** its name for screen readers; the heading above it */
  label?: string;
  /** the path of the list whose items it speaks of */
  inList?: string;
  readOnly?: boolean;
  autoFocus?: boolean;
  /** an empty one is no "always" but a mistake */
  required?: boolean;
}

/**
 * A condition: as rows to fill in, and as the text that is stored. Both show the same; the server translates. Which event it is
 * tried with, and which merge codes there are, PreviewProvider says.
 */
export function ConditionEditor(props: ConditionEditorProps) {
  const { t } = useTranslation("conditions");
  const codes = useCodes();
  if (codes.status === "pending") {
    return <Skeleton lines={2} />;
  }
  if (codes.status === "error") {
    return <ErrorState error={codes.error} onRetry={codes.retry} title={t("codesFailed")} />;
  }
  const list = props.inList ? codes.find(props.inList) : undefined;
  return <Editor {...props} names={list ? { codes: list.items, list } : { codes: codes.codes }} />;
}

function Editor({
  value,
  onChange,
  location,
  errors = [],
  label,
  readOnly,
  autoFocus,
  required,
  names,
}: ConditionEditorProps & { names: Names }) {
  const { t } = useTranslation("conditions");
  const { trigger, source } = usePreviewContext();
  const may = useMay("editor");
  const locked = readOnly || !may;
  const [tab, setTab] = useState(rememberedTab);
  const check = useCheck(value, may);
  const problems = check.problems ?? errors;
  const name = label ?? t("label");
  const choose = (next: string) => {
    rememberTab(next);
    setTab(next);
  };
  const described = `${location}-problems`;
  const text = (
    <div className="flex min-w-0 flex-col gap-2">
      <TextCondition
        label={name}
        value={value}
        onChange={onChange}
        trigger={trigger}
        source={source}
        names={names}
        invalid={problems.length > 0}
        describedBy={problems.length > 0 ? described : undefined}
        readOnly={locked}
        autoFocus={autoFocus}
      />
      <ConditionProblems id={described} problems={problems} value={value} onChange={locked ? undefined : onChange} />
    </div>
  );
  const visual = (
    <VisualTab
      label={name}
      value={value}
      onChange={onChange}
      names={names}
      check={check}
      disabled={locked}
      location={location}
      errors={errors}
      required={required}
    />
  );
  return (
    <div data-location={location} className="flex min-w-0 flex-col gap-2">
      {may ? (
        <Tabs
          label={name}
          value={tab}
          onChange={choose}
          tabs={[
            { id: "visual", label: t("tab.visual"), content: visual },
            { id: "text", label: t("tab.text"), content: text },
          ]}
        />
      ) : (
        text
      )}
      <ConditionBadge value={value} check={check} required={required} />
    </div>
  );
}
