import { Link } from "@tanstack/react-router";
import { useTranslation } from "@/i18n/texts";
import { buttonClasses } from "@/kit/button";
import { Page } from "@/kit/page";

/** What stands where no screen is. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("notFound.title")} text={t("notFound.text")}>
      <p>
        <Link to="/workflows" className={buttonClasses("primary")}>
          {t("notFound.link")}
        </Link>
      </p>
    </Page>
  );
}
