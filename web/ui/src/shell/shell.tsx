import { Outlet } from "@tanstack/react-router";
import { type MouseEvent, useEffect } from "react";
import { startStream } from "@/api/stream";
import { useTranslation } from "@/i18n/texts";
import { Announcer } from "@/kit/announce";
import { Toaster } from "@/kit/toast";
import { LiveCache } from "./live-cache";
import { Navigation } from "./navigation";
import { OfflineBanner } from "./offline-banner";
import { SignInDialog } from "./sign-in-dialog";
import { StoppedBanner } from "./stopped-banner";
import { TopBar } from "./top-bar";

/** What stands around every screen. */
export function Shell() {
  const { t } = useTranslation();
  useEffect(startStream, []);
  return (
    <div className="flex min-h-dvh flex-col">
      {/* biome-ignore lint/a11y/useValidAnchor: a link it is; the base of the page would lead it to another address */}
      <a
        href="#content"
        onClick={toContent}
        className="sr-only focus:not-sr-only focus:absolute focus:z-60 focus:bg-surface focus:p-3"
      >
        {t("skip")}
      </a>
      <TopBar />
      <OfflineBanner />
      <StoppedBanner />
      <div className="flex min-h-0 grow">
        <Navigation />
        <main id="content" tabIndex={-1} className="flex min-w-0 grow flex-col outline-none">
          <Outlet />
        </main>
      </div>
      <SignInDialog />
      <LiveCache />
      <Toaster />
      <Announcer />
    </div>
  );
}

// The page has a base address: followed, the link would leave the page.
function toContent(event: MouseEvent) {
  event.preventDefault();
  document.getElementById("content")?.focus();
}
