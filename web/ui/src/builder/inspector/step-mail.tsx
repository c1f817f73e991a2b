import { Expand } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/api/session";
import { MailPreview } from "@/codes/mail-preview";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Dialog } from "@/kit/dialog";
import type { FieldSpec } from "./config-form";
import { isLong } from "./relevance";

/** What arrives, for a step whose action has a message in HTML: told from its fields alone. */
export function StepMail({ fields, config }: { fields: readonly FieldSpec[]; config: Record<string, unknown> }) {
  const { t } = useTranslation("inspector");
  const may = useMay("editor"); // viewers make no previews
  const [large, setLarge] = useState(false);
  const text = (field?: FieldSpec) => {
    const value = field && config[field.name];
    return typeof value === "string" ? value : "";
  };
  const message = fields.find((f) => f.type === "html" && text(f) !== "");
  if (!message || !may) {
    return null;
  }
  const lines = fields
    .filter((f) => f.type === "header" && f.merge && text(f) !== "")
    .map((f) => ({ label: f.label, name: `config.${f.name}`, template: text(f) }));
  const plain = fields.find((f) => f.type === "text" && f.merge && isLong(f, f.type));
  const preview = <MailPreview html={text(message)} name={`config.${message.name}`} text={text(plain)} lines={lines} />;
  return (
    <div className="flex flex-col gap-2 rounded-lg border border-line bg-canvas p-3">
      {large ? null : preview}
      <Button
        small
        className="self-start"
        icon={<Expand aria-hidden className="size-4" />}
        onClick={() => setLarge(true)}
      >
        {t("mail.enlarge")}
      </Button>
      <Dialog open={large} onClose={() => setLarge(false)} size="large" title={t("mail.title")}>
        {preview}
      </Dialog>
    </div>
  );
}
