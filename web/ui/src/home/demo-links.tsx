import { basePath, boot } from "@/boot";
import { useTranslation } from "@/i18n/texts";
import { Section } from "@/kit/page";

/** In the demo: where its mails and calls arrive. */
export function DemoLinks() {
  const { t } = useTranslation("home");
  if (!boot.demo || boot.links.length === 0) {
    return null;
  }
  return (
    <Section title={t("demo.title")}>
      <p className="mb-2 text-muted">{t("demo.text")}</p>
      <ul className="flex flex-col gap-1">
        {boot.links.map((link) => (
          <li key={link.path}>
            <a href={basePath + link.path} className="font-medium text-accent">
              {link.title}
            </a>{" "}
            <span className="text-muted">{link.summary}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
