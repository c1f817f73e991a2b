import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { announce } from "./announce";
import { Button, IconButton } from "./button";

/** Copies a text; label says what, and shows as text when the button is not small. */
export function CopyButton({ text, label, small }: { text: string | (() => string); label: string; small?: boolean }) {
  const [done, setDone] = useState(false);
  const { t } = useTranslation();
  async function copy() {
    await navigator.clipboard.writeText(typeof text === "string" ? text : text());
    setDone(true);
    announce(t("action.copied"));
    setTimeout(() => setDone(false), 1500);
  }
  const icon = done ? <Check aria-hidden className="size-4 text-good" /> : <Copy aria-hidden className="size-4" />;
  return small ? (
    <IconButton label={label} onClick={copy}>
      {icon}
    </IconButton>
  ) : (
    <Button onClick={copy} icon={icon}>
      {done ? t("action.copied") : label}
    </Button>
  );
}
