import { addTexts } from "@/i18n/texts";
import conditions from "@/locales/en/conditions.json";

addTexts("conditions", conditions);
