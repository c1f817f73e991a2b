import { type ReactNode, useEffect } from "react";
import { useTranslation } from "@/i18n/texts";

interface PageProps {
  title: string;
  /** one sentence below the title */
  text?: ReactNode;
  /** the buttons at the right of the title */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with its one h1; the title stands in the tab, too. */
export function Page({ title, text, actions, children }: PageProps) {
  usePageTitle(title);
  return (
    <div className="mx-auto flex w-full max-w-[1500px] flex-col gap-4 p-4 sm:p-6">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="text-2xl font-semibold">{title}</h1>
          {text ? <p className="mt-1 max-w-prose text-muted">{text}</p> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

/** Writes the title of the browser's tab. */
export function usePageTitle(title: string) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("app")}`;
  }, [title, t]);
}

/** A part of a page with its own heading. */
export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="rounded-lg border border-line bg-surface p-4" aria-label={title}>
      <div className="mb-3 flex items-start justify-between gap-2">
        <h2 className="min-w-0 text-lg font-semibold text-balance break-words">{title}</h2>
        {actions ? <div className="flex shrink-0 items-center gap-2">{actions}</div> : null}
      </div>
      {children}
    </section>
  );
}
