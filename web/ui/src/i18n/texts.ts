import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import common from "@/locales/en/common.json";

/** One catalogue, a part for each area; an area adds its part when its code is loaded. */
void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  ns: ["common"],
  defaultNS: "common",
  resources: { en: { common } },
  interpolation: { escapeValue: false },
  returnNull: false,
});

/** Adds the texts of an area. Call it at the top of the area's module, beside the import of its JSON. */
export function addTexts(area: string, texts: object): void {
  i18next.addResourceBundle("en", area, texts, true, true);
}

export { useTranslation } from "react-i18next";
/** The translator, for code outside of components. */
export const translate = i18next.t.bind(i18next);
