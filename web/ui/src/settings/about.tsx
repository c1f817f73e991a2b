import { useSession } from "@/api/session";
import { basePath, boot } from "@/boot";
import { useTranslation } from "@/i18n/texts";
import { Section } from "@/kit/page";

/** What this installation is. Nothing is asked of anybody on the internet. */
export function About() {
  const { t } = useTranslation("settings");
  const session = useSession();
  return (
    <Section title={t("about.title")}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
        <dt className="text-muted">{t("about.version")}</dt>
        <dd>{boot.version || session.version}</dd>
        <dt className="text-muted">{t("about.address")}</dt>
        <dd className="break-all">{session.public_url}</dd>
        <dt className="text-muted">{t("about.zone")}</dt>
        <dd>{session.time_zone}</dd>
      </dl>
      <ul className="mt-4 flex flex-col gap-2">
        <li>
          <a className="text-accent" href={`${basePath}/api/docs`}>
            {t("common:user.apiDocs")}
          </a>
        </li>
        <li>
          <a className="text-accent" href={`${basePath}/licenses.md`}>
            {t("about.licenses")}
          </a>
        </li>
      </ul>
      <p className="mt-4 text-muted">{t("about.quiet")}</p>
    </Section>
  );
}
