import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import type { Codes } from "./use-codes";
import { useCodes } from "./use-codes";

const layouts = ["letter", "products", "button"] as const;

/** For an empty message: layouts to begin with. Only what this trigger has is in them. */
export function Starters({ onPick }: { onPick: (html: string) => void }) {
  const { t } = useTranslation("codes");
  const codes = useCodes();
  const list = listOf(codes);
  return (
    <div className="flex flex-wrap items-center gap-1 text-sm">
      <span className="text-muted">{t("starter.label")}</span>
      {layouts
        .filter((layout) => layout !== "products" || list)
        .map((layout) => (
          <Button key={layout} small onClick={() => onPick(layoutOf(layout, codes, t))}>
            {t(`starter.${layout}.name`)}
          </Button>
        ))}
    </div>
  );
}

function listOf(codes: Codes) {
  return ["BigCommerce | Products", "BigCommerce | Cart_items"].map((code) => codes.find(code)).find(Boolean);
}

function layoutOf(layout: (typeof layouts)[number], codes: Codes, t: (key: string) => string): string {
  const names = ["BigCommerce | Customer | first_name", "BigCommerce | Order | billing_address | first_name"];
  const known = names.filter((name) => codes.find(name));
  const name = known.length > 0 ? `{{ ${known.join(" ?? ")} ?? "${t("starter.there")}" }}` : t("starter.there");
  const list = listOf(codes)?.code;
  const parts = {
    letter: "",
    products: `<ul>{{#each ${list}}}<li>{{ item | quantity }} × {{ item | name }}</li>{{/each}}</ul>\n`,
    button: `<p><a href="https://www.example.com/" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#2456c9;color:#ffffff;text-decoration:none">${t("starter.press")}</a></p>\n`,
  };
  return `<p>${t("starter.greeting")} ${name},</p>\n<p>${t("starter.body")}</p>\n${parts[layout]}<p>${t("starter.bye")}</p>`;
}
