import { useMemo, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { Checkbox } from "@/kit/field";
import { messageOf } from "@/kit/state";
import { Tabs } from "@/kit/tabs";
import { MailFrame } from "./mail-frame";
import { plainText } from "./plain-text";
import { usePreview } from "./preview-batch";
import "./texts";

/** How much plain text is drawn: the browser takes seconds over a megabyte. */
const mostShown = 50_000;

export interface MailPreviewProps {
  /** the template of the message in HTML, and the name of its field among the previews */
  html: string;
  name: string;
  /** the template of the plain text; empty: made from the message */
  text?: string;
  /** the lines above the message, such as To and Subject: label and template */
  lines: { label: string; name: string; template: string }[];
}

/** What arrives: the message as mail programs and phones show it, and its plain text, for the chosen event. */
export function MailPreview({ html, name, text = "", lines }: MailPreviewProps) {
  const { t } = useTranslation("codes");
  const [images, setImages] = useState(false);
  const [tab, setTab] = useState("html"); // kept while the message is rendered anew
  const message = usePreview(`${name}#mail`, html, "html");
  const plain = usePreview(`${name}#text`, text, "text");
  const rendered = message.output;
  const words = useMemo(() => (text ? plain.output : plainText(rendered ?? "")), [text, plain.output, rendered]);

  if (message.state === "failed") {
    return <p className="text-sm text-bad">{messageOf(message.error)}</p>;
  }
  if (rendered === undefined) {
    return message.state === "none" ? null : <p className="text-sm text-muted">{t("preview.waiting")}</p>;
  }
  const frame = (phone: boolean) => (
    <div className="flex flex-col gap-2">
      <MailFrame html={rendered} images={images} phone={phone} />
      {/<img|background|url\(/i.test(rendered) ? (
        <Checkbox
          label={t("mail.images")}
          help={t("mail.imagesHelp")}
          checked={images}
          onChange={(e) => setImages(e.target.checked)}
        />
      ) : null}
      {/color|background/i.test(rendered) ? <p className="text-sm text-muted">{t("mail.dark")}</p> : null}
    </div>
  );
  return (
    <section aria-label={t("mail.label")} className="flex min-w-0 flex-col gap-2">
      <h3 className="font-semibold">{t("mail.title")}</h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-sm">
        {lines.map((line) => (
          <Line key={line.name} {...line} />
        ))}
      </dl>
      {rendered.trim() === "" ? <p className="text-sm text-warn">{t("mail.empty")}</p> : null}
      <Tabs
        label={t("mail.label")}
        value={tab}
        onChange={setTab}
        tabs={[
          { id: "html", label: t("mail.html"), content: frame(false) },
          { id: "phone", label: t("mail.phone"), content: frame(true) },
          {
            id: "text",
            label: t("mail.text"),
            content: (
              <div className="flex flex-col gap-1">
                <pre className="max-h-96 overflow-auto rounded-md border border-line bg-surface p-3 font-mono text-sm break-words whitespace-pre-wrap">
                  {words?.slice(0, mostShown) ?? ""}
                </pre>
                {words && words.length > mostShown ? (
                  <p className="text-sm text-warn">{t("mail.cut", { count: mostShown })}</p>
                ) : null}
                {text ? null : <p className="text-sm text-muted">{t("mail.fromMessage")}</p>}
              </div>
            ),
          },
        ]}
      />
      <p className="text-sm text-muted">{t("mail.adds")}</p>
    </section>
  );
}

function Line({ label, name, template }: { label: string; name: string; template: string }) {
  const { output } = usePreview(`${name}#mail`, template, "header");
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words">{output ?? ""}</dd>
    </>
  );
}
