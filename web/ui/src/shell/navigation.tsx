import { Link, useMatchRoute } from "@tanstack/react-router";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useTranslation } from "@/i18n/texts";
import { IconButton } from "@/kit/button";
import { classes } from "@/kit/classes";
import { places } from "./links";
import { useNarrowNavigation } from "./navigation-width";

/** The links to the places, one below the other; narrow: their names are for screen readers and tooltips. */
export function PlaceLinks({ narrow = false }: { narrow?: boolean }) {
  const { t } = useTranslation();
  return (
    <ul className="flex flex-col gap-0.5">
      {places.map(({ to, text, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            title={narrow ? t(text) : undefined}
            className={classes(
              "flex min-h-9 items-center gap-2 rounded-md no-underline",
              narrow ? "justify-center" : "px-2.5",
            )}
            activeProps={{ className: "bg-accent-soft font-medium text-accent-strong" }}
            inactiveProps={{ className: "text-text hover:bg-sunken" }}
          >
            <Icon aria-hidden className="size-4.5 shrink-0" />
            <span className={narrow ? "sr-only" : undefined}>{t(text)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The main navigation beside the screen; narrow screens have it in the top bar's menu. The builder needs the place: there it can shrink. */
export function Navigation() {
  const { t } = useTranslation();
  const building = Boolean(useMatchRoute()({ to: "/workflows/$id" }));
  const [chosen, choose] = useNarrowNavigation();
  const narrow = building && chosen;
  return (
    <nav
      aria-label={t("nav.label")}
      className={classes("hidden shrink-0 border-e border-line bg-surface p-2 lg:block", narrow ? "w-13" : "w-48")}
    >
      <div className="sticky top-14 flex flex-col gap-2">
        <PlaceLinks narrow={narrow} />
        {building ? (
          <IconButton
            label={narrow ? t("nav.widen") : t("nav.narrow")}
            aria-expanded={!narrow}
            className={narrow ? "self-center" : "ms-0.5"}
            onClick={() => choose(!narrow)}
          >
            {narrow ? (
              <PanelLeftOpen aria-hidden className="size-4.5 rtl:-scale-x-100" />
            ) : (
              <PanelLeftClose aria-hidden className="size-4.5 rtl:-scale-x-100" />
            )}
          </IconButton>
        ) : null}
      </div>
    </nav>
  );
}
