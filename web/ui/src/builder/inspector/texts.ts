import { addTexts } from "@/i18n/texts";
import inspector from "@/locales/en/inspector.json";

addTexts("inspector", inspector);
