import { addTexts } from "@/i18n/texts";
import codes from "@/locales/en/codes.json";

addTexts("codes", codes);
