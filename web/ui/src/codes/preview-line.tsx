import { TriangleAlert } from "lucide-react";
import { useTranslation } from "@/i18n/texts";
import { messageOf } from "@/kit/state";
import { shortLabel } from "./codes";
import type { Preview, TemplatePlace } from "./preview-batch";
import { readValue, segmentsOf, tagsOf } from "./template-text";

/** Below a field: what it prints for the chosen event, and which codes have no value there. */
export function PreviewLine({ preview, source, place }: { preview: Preview; source: string; place: TemplatePlace }) {
  const { t } = useTranslation("codes");
  if (preview.state === "none") {
    return null;
  }
  if (preview.state === "failed") {
    return <p className="text-sm text-bad">{messageOf(preview.error)}</p>;
  }
  const uses = preview.codes ?? [];
  const of = (test: (status: string, later: boolean) => boolean) =>
    uses.filter((u) => test(u.status, segmentsOf(u.code)[0] === "Steps")).map((u) => shortLabel(u.code));
  const backed = withFallback(source);
  const empty = of((status, later) => status === "missing" && !later);
  const missing = empty.filter((c) => !backed.has(c));
  const standsIn = empty.filter((c) => backed.has(c));
  const unread = of((status) => status === "not_fetched");
  const later = of((status, isLater) => status === "missing" && isLater);
  const shown = place !== "html" && preview.output !== undefined && preview.output !== source;
  return (
    <div className="flex min-w-0 flex-col gap-0.5 text-sm">
      {shown ? (
        <p className="flex min-w-0 gap-1 text-muted">
          <span aria-hidden>=</span>
          <span className="sr-only">{t("preview.label")}</span>
          <span className="line-clamp-3 min-w-0 break-words whitespace-pre-wrap text-text" data-testid="rendered">
            {preview.output || <span className="text-warn">{t("preview.empty")}</span>}
          </span>
        </p>
      ) : null}
      {missing.length > 0 ? <Advice>{t("preview.missing", { codes: missing.join(", ") })}</Advice> : null}
      {standsIn.length > 0 ? (
        <p className="break-words text-muted">{t("preview.standsIn", { codes: standsIn.join(", ") })}</p>
      ) : null}
      {unread.length > 0 ? <Advice>{t("preview.unread", { codes: unread.join(", ") })}</Advice> : null}
      {later.length > 0 ? <p className="text-muted">{t("preview.later", { codes: later.join(", ") })}</p> : null}
    </div>
  );
}

/** The codes that have a fallback wherever they stand; a code in a fallback has one too, the rest of it. */
function withFallback(template: string): Set<string> {
  const backed = new Set<string>();
  const bare = new Set<string>();
  for (const tag of tagsOf(template)) {
    const { code, fallback, formats } = readValue(tag.inside);
    const kind = fallback !== "" || formats.some((f) => f.startsWith("default ")) ? backed : bare;
    kind.add(shortLabel(code));
    for (const part of fallback.split("??")) {
      backed.add(shortLabel(part.trim()));
    }
  }
  return new Set([...backed].filter((c) => !bare.has(c)));
}

/** A line that warns. */
export function Advice({ children }: { children: string }) {
  return (
    <p className="flex items-start gap-1 text-sm text-warn">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}
