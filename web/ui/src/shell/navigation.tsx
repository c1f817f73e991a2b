import { Link } from "@tanstack/react-router";
import { useTranslation } from "@/i18n/texts";
import { classes } from "@/kit/classes";
import { places } from "./links";

/** The links to the places, one below the other. */
export function PlaceLinks({ onGo }: { onGo?: () => void }) {
  const { t } = useTranslation();
  return (
    <ul className="flex flex-col gap-0.5">
      {places.map(({ to, text, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            onClick={onGo}
            className={classes(
              "flex min-h-9 items-center gap-2 rounded-md px-2.5 text-text no-underline hover:bg-sunken",
            )}
            activeProps={{ className: "bg-accent-soft font-medium text-accent-strong" }}
          >
            <Icon aria-hidden className="size-4.5 shrink-0" />
            {t(text)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The main navigation beside the screen; narrow screens have it in the top bar's menu. */
export function Navigation() {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("nav.label")} className="hidden w-48 shrink-0 border-e border-line bg-surface p-2 lg:block">
      <PlaceLinks />
    </nav>
  );
}
