import { ClipboardPaste } from "lucide-react";
import { type DragEvent, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { TextArea } from "@/kit/field";
import { type Credentials, readCredentials } from "./credentials";

const largestFile = 64 * 1024; // bytes: more is no file of credentials

/** Takes the downloaded file of an API account, an API path or a control panel's address, and fills in what it says. */
export function CredentialsBox({ onFound }: { onFound: (found: Record<string, string>) => void }) {
  const { t } = useTranslation("authentications");
  const [text, setText] = useState("");
  const [found, setFound] = useState<Credentials>();
  function take(next: string) {
    const read = readCredentials(next);
    setFound(next.trim() ? read : undefined);
    onFound({ ...read } as Record<string, string>);
    // A token does not stay where everybody can read it.
    setText(read.access_token || read.client_secret ? "" : next);
    const names = Object.keys(read);
    announce(
      names.length > 0 ? t("paste.found", { names: names.map((n) => t(`paste.${n}`)).join(", ") }) : t("paste.nothing"),
    );
  }
  async function drop(event: DragEvent) {
    const file = event.dataTransfer.files[0];
    if (file && file.size <= largestFile) {
      event.preventDefault();
      take(await file.text());
    }
  }
  const names = found ? Object.keys(found) : [];
  return (
    <section
      aria-label={t("paste.title")}
      className="rounded-md border border-line bg-sunken p-4"
      onDrop={drop}
      onDragOver={(e) => e.preventDefault()}
    >
      <h2 className="flex items-center gap-2 font-semibold">
        <ClipboardPaste aria-hidden className="size-5" />
        {t("paste.title")}
      </h2>
      <ol className="my-2 list-decimal ps-5 text-sm">
        <li>{t("paste.step1")}</li>
        <li>{t("paste.step2")}</li>
        <li>{t("paste.step3")}</li>
      </ol>
      <TextArea
        label={t("paste.label")}
        value={text}
        rows={3}
        spellCheck={false}
        autoComplete="off"
        onChange={(e) => take(e.target.value)}
      />
      <label className="mt-2 flex flex-col gap-1 text-sm">
        {t("paste.file")}
        <input
          type="file"
          accept=".txt,text/plain"
          className="min-h-8 file:me-3 file:min-h-8 file:cursor-pointer file:rounded-md file:border file:border-line-strong file:bg-surface file:px-3 file:font-medium file:text-text"
          onChange={async (e) => {
            const file = e.target.files?.[0];
            if (file && file.size <= largestFile) {
              take(await file.text());
            }
          }}
        />
      </label>
      {found ? (
        <p className="mt-2">
          {names.length > 0
            ? t("paste.found", { names: names.map((n) => t(`paste.${n}`)).join(", ") })
            : t("paste.nothing")}
        </p>
      ) : null}
    </section>
  );
}
