import { Link, Outlet } from "@tanstack/react-router";
import { useMay } from "@/api/session";
import { addTexts, useTranslation } from "@/i18n/texts";
import { Page } from "@/kit/page";
import en from "@/locales/en/settings.json";

addTexts("settings", en);

const parts = [
  { to: "/settings/account", text: "nav.account", admin: false },
  { to: "/settings/users", text: "nav.users", admin: true },
  { to: "/settings/tokens", text: "nav.tokens", admin: true },
  { to: "/settings/alerts", text: "nav.alerts", admin: true },
  { to: "/settings/sending", text: "nav.sending", admin: true },
  { to: "/settings/about", text: "nav.about", admin: false },
] as const;

/** The settings: their parts beside one another, those of administrators only for administrators. */
export function SettingsLayout() {
  const { t } = useTranslation("settings");
  const admin = useMay("admin");
  return (
    <Page title={t("title")}>
      <nav aria-label={t("title")}>
        <ul className="flex flex-wrap gap-1 border-b border-line">
          {parts
            .filter((p) => admin || !p.admin)
            .map((p) => (
              <li key={p.to}>
                <Link
                  to={p.to}
                  className="-mb-px inline-flex min-h-9 items-center border-b-2 px-3 no-underline"
                  activeProps={{ className: "border-accent font-medium text-text" }}
                  inactiveProps={{ className: "border-transparent text-muted hover:text-text" }}
                >
                  {t(p.text)}
                </Link>
              </li>
            ))}
        </ul>
      </nav>
      <Outlet />
    </Page>
  );
}

/** Stands where only an administrator may look. */
export function AdminOnly({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation("settings");
  return useMay("admin") ? children : <p className="text-muted">{t("adminOnly")}</p>;
}
