import { useTranslation } from "@/i18n/texts";
import { messageOf } from "@/kit/state";
import { type TemplatePlace, usePreview } from "../preview-batch";

interface LiveResultProps {
  /** what was chosen: the result of another code is never shown for it, not even for a moment */
  code: string;
  template: string;
  place: TemplatePlace;
  inLoop: boolean;
}

/** What the choice prints for the chosen event. An element of the list around it prints nothing on its own. */
export function LiveResult({ code, template, place, inLoop }: LiveResultProps) {
  const { t } = useTranslation("codes");
  const alone = inLoop && !template.includes("{{#each");
  const preview = usePreview(`picker ${code}`, alone ? "" : template, place);
  if (alone) {
    return null;
  }
  return (
    <div className="rounded-md bg-sunken p-2" aria-live="polite">
      <p className="text-sm text-muted">{t("detail.result")}</p>
      <Result preview={preview} />
    </div>
  );
}

function Result({ preview }: { preview: ReturnType<typeof usePreview> }) {
  const { t } = useTranslation("codes");
  const problem = preview.problems?.[0];
  if (preview.state === "failed") {
    return <p className="text-sm text-bad">{messageOf(preview.error)}</p>;
  }
  if (problem) {
    return <p className="text-sm text-bad">{problem.message}</p>;
  }
  if (preview.output === undefined) {
    return <p className="text-sm text-muted">{t("preview.waiting")}</p>;
  }
  return preview.output === "" ? (
    <p className="text-sm text-warn">{t("preview.empty")}</p>
  ) : (
    <p className="max-h-24 overflow-auto text-sm break-words whitespace-pre-wrap">{preview.output}</p>
  );
}
