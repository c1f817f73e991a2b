import { Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { startStream } from "@/api/stream";
import { useTranslation } from "@/i18n/texts";
import { Announcer } from "@/kit/announce";
import { Toaster } from "@/kit/toast";
import { LiveCache } from "./live-cache";
import { Navigation } from "./navigation";
import { OfflineBanner } from "./offline-banner";
import { SignInDialog } from "./sign-in-dialog";
import { TopBar } from "./top-bar";

/** What stands around every screen. */
export function Shell() {
  const { t } = useTranslation();
  useEffect(startStream, []);
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-60 focus:bg-surface focus:p-3">
        {t("skip")}
      </a>
      <TopBar />
      <OfflineBanner />
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
