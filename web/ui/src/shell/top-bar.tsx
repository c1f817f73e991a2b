import { Link, useNavigate } from "@tanstack/react-router";
import { ChevronDown, Menu as MenuIcon, UserRound } from "lucide-react";
import { api, body } from "@/api/client";
import { useSession } from "@/api/session";
import { stopStream } from "@/api/stream";
import { basePath, boot } from "@/boot";
import { useTranslation } from "@/i18n/texts";
import { Badge } from "@/kit/badge";
import { IconButton } from "@/kit/button";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLink, MenuSeparator } from "@/kit/menu";
import { notifyError } from "@/kit/toast";
import { places } from "./links";
import { type Theme, useTheme } from "./theme";

/** The bar at the top: the name, where one is, who one is. */
export function TopBar() {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <header className="sticky top-0 z-30 flex min-h-12 items-center gap-3 border-b border-line bg-surface px-3">
      <div className="lg:hidden">
        <Menu
          align="start"
          trigger={
            <IconButton label={t("nav.open")}>
              <MenuIcon aria-hidden className="size-5" />
            </IconButton>
          }
        >
          {places.map(({ to, text, icon: Icon }) => (
            <MenuLink key={to}>
              <Link to={to}>
                <Icon aria-hidden className="size-4" />
                {t(text)}
              </Link>
            </MenuLink>
          ))}
        </Menu>
      </div>
      <Link to="/workflows" className="flex min-h-8 items-center gap-2 font-semibold text-text no-underline">
        <img src={`${basePath}/icon.svg`} alt="" className="size-6" />
        {t("app")}
      </Link>
      {session.demo ? <DemoMenu /> : null}
      <div className="grow" />
      <AccountMenu />
    </header>
  );
}

/** In the demo: the way to where its mails and calls arrive. */
function DemoMenu() {
  const { t } = useTranslation();
  if (boot.links.length === 0) {
    return <Badge tone="info">{t("badge.demo")}</Badge>;
  }
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className="inline-flex min-h-7 items-center gap-1 rounded-full bg-info-soft ps-2.5 pe-1.5 text-sm font-medium text-info hover:underline"
        >
          {t("badge.demo")}
          <ChevronDown aria-hidden className="size-4" />
        </button>
      }
    >
      <MenuLabel>{t("badge.demoText")}</MenuLabel>
      {boot.links.map((link) => (
        <MenuLink key={link.path}>
          <a href={basePath + link.path}>
            <span className="font-medium">{link.title}</span>
            <span className="text-muted max-sm:hidden">{link.summary}</span>
          </a>
        </MenuLink>
      ))}
    </Menu>
  );
}

function AccountMenu() {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const [theme, setTheme] = useTheme();
  async function leave(everywhere: boolean) {
    try {
      await (everywhere ? body(api.DELETE("/api/v1/sessions")) : body(api.DELETE("/api/v1/session")));
      stopStream();
      location.assign(`${basePath}/login`);
    } catch (error) {
      notifyError(error);
    }
  }
  return (
    <Menu
      trigger={
        <IconButton label={t("user.menu", { name: session.name })}>
          <UserRound aria-hidden className="size-5" />
        </IconButton>
      }
    >
      <MenuLabel>
        {session.name} · {t(`user.role.${session.role}`)}
      </MenuLabel>
      <MenuSeparator />
      <MenuLabel>{t("theme.label")}</MenuLabel>
      <MenuChoice
        value={theme}
        onChange={(next) => setTheme(next as Theme)}
        options={(["system", "light", "dark"] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => void navigate({ to: "/start" })}>{t("nav.start")}</MenuItem>
      <MenuLink>
        <a href={`${basePath}/api/docs`}>{t("user.apiDocs")}</a>
      </MenuLink>
      <MenuLink>
        <a href={`${basePath}/licenses.md`}>{t("user.licenses")}</a>
      </MenuLink>
      <MenuSeparator />
      {session.kind === "user" ? (
        <MenuItem onSelect={() => void navigate({ to: "/settings/account" })}>{t("user.password")}</MenuItem>
      ) : null}
      <MenuItem onSelect={() => void leave(false)}>{t("user.signOut")}</MenuItem>
      <MenuItem onSelect={() => void leave(true)}>{t("user.signOutEverywhere")}</MenuItem>
    </Menu>
  );
}
