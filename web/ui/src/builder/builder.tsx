import { Link } from "@tanstack/react-router";
import { useTranslation } from "@/i18n/texts";
import { Page } from "@/kit/page";
import { ErrorState, Skeleton } from "@/kit/state";
import { Broken } from "./broken";
import { CommandsProvider } from "./commands/provider";
import { useDefaultSource } from "./default-source";
import { useFollow } from "./follow";
import { BuilderHeader } from "./header";
import { LeaveGuard } from "./leave";
import { useOpened } from "./opened";
import { BuilderPanes } from "./panes";
import { BuilderPreview } from "./preview";
import { BuilderProvider } from "./state/store";
import "./texts";

/** The screen of one workflow: what starts it, its steps, their settings, and what is wrong. */
export function BuilderPage({ id, event }: { id: string; event?: string }) {
  const { t } = useTranslation("builder");
  const { store, error, retry } = useOpened(id);
  if (error) {
    return (
      <Page title={t("title")}>
        <ErrorState error={error} onRetry={retry} />
        <p>
          <Link to="/workflows" className="text-accent">
            {t("header.back")}
          </Link>
        </p>
      </Page>
    );
  }
  if (!store || store.getState().id !== id) {
    return (
      <Page title={t("title")}>
        <Skeleton />
      </Page>
    );
  }
  return (
    <BuilderProvider value={store}>
      <CommandsProvider>
        <BuilderPreview>
          <Opened event={event} />
        </BuilderPreview>
      </CommandsProvider>
    </BuilderProvider>
  );
}

function Opened({ event }: { event?: string }) {
  useDefaultSource(event);
  useFollow();
  return (
    <div className="flex shrink-0 flex-col md:h-[calc(100dvh-3rem)] md:overflow-hidden">
      <BuilderHeader />
      <Broken />
      <BuilderPanes />
      <LeaveGuard />
    </div>
  );
}
