import { useMemo } from "react";
import { useTranslation } from "@/i18n/texts";
import { CopyButton } from "@/kit/copy";
import { Checkbox, SelectField, TextField } from "@/kit/field";
import type { Code } from "../codes";
import type { TemplatePlace } from "../preview-batch";
import type { Codes } from "../use-codes";
import { FillRate, KnownValue } from "./code-row";
import { formatsFor } from "./formats";
import { pathWithMember, withMember } from "./insertion";
import { LiveResult } from "./live-result";
import type { Settings } from "./use-settings";

interface CodeDetailProps {
  code: Code;
  codes: Codes;
  mode: "template" | "path";
  place: TemplatePlace;
  settings: Settings;
  onSettings: (change: Partial<Settings>) => void;
  /** what would be inserted */
  insertion: string;
}

/** All about one code: what it is, what stands in when it is empty, how it is written, and what comes of it. */
export function CodeDetail({ code, codes, mode, place, settings, onSettings, insertion }: CodeDetailProps) {
  const { t } = useTranslation("codes");
  const open = code.type === "" || code.type === "object";
  const asBlock = code.type === "list" && !settings.whole;
  return (
    <div className="flex flex-col gap-3">
      <div>
        <h3 className="font-semibold break-words">{withMember(code.code, settings.member)}</h3>
        {code.description ? <p className="text-sm text-muted">{code.description}</p> : null}
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm">
        <dt className="text-muted">{t("detail.type")}</dt>
        <dd>{t(`type.${code.type || "any"}`, code.type)}</dd>
        <dt className="text-muted">{t("detail.value")}</dt>
        <dd className="flex min-w-0">
          <KnownValue known={codes.valueOf(code)} />
        </dd>
        <Filled code={code} codes={codes} />
        <dt className="text-muted">{t("detail.path")}</dt>
        <dd className="flex min-w-0 items-center gap-1">
          <code className="min-w-0 break-all">{pathWithMember(code.path, settings.member)}</code>
          <CopyButton text={pathWithMember(code.path, settings.member)} label={t("detail.copyPath")} small />
        </dd>
      </dl>
      {open ? (
        <TextField
          label={t("detail.member")}
          help={t("detail.memberHelp")}
          value={settings.member}
          placeholder="order.id"
          onChange={(e) => onSettings({ member: e.target.value })}
        />
      ) : null}
      {mode === "template" ? (
        <>
          {code.type === "list" ? (
            <Checkbox
              label={t("detail.whole")}
              help={t("detail.wholeHelp")}
              checked={settings.whole}
              onChange={(e) => onSettings({ whole: e.target.checked })}
            />
          ) : null}
          {asBlock ? null : <Writing code={code} settings={settings} onSettings={onSettings} />}
          <LiveResult code={code.code} template={insertion} place={place} inLoop={Boolean(code.list)} />
        </>
      ) : null}
    </div>
  );
}

function Filled({ code, codes }: { code: Code; codes: Codes }) {
  const { t } = useTranslation("codes");
  const filled = codes.filled(code);
  if (!filled || filled.seen === 0) {
    return null;
  }
  return (
    <>
      <dt className="text-muted">{t("detail.filled")}</dt>
      <dd>
        <FillRate filled={filled} /> <span className="text-muted">{t("picker.fillOf", { count: filled.seen })}</span>
      </dd>
    </>
  );
}

function Writing({ code, settings, onSettings }: Pick<CodeDetailProps, "code" | "settings" | "onSettings">) {
  const { t } = useTranslation("codes");
  const choices = useMemo(() => formatsFor(code.type), [code.type]);
  const known = settings.format === "" || choices.some((c) => c.format === settings.format);
  const options = [
    { value: "", label: t("format.none") },
    ...choices.map((c) => ({ value: c.format, label: t(`format.${c.id}`) })),
    ...(known ? [] : [{ value: settings.format, label: settings.format }]),
  ];
  return (
    <>
      <SelectField
        label={t("detail.format")}
        options={options}
        value={settings.format}
        onChange={(e) => onSettings({ format: e.target.value })}
      />
      <TextField
        label={t("detail.fallback")}
        help={t("detail.fallbackHelp")}
        value={settings.fallback}
        onChange={(e) => onSettings({ fallback: e.target.value })}
      />
    </>
  );
}
