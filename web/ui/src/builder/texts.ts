import { addTexts } from "@/i18n/texts";
import texts from "@/locales/en/builder.json";

addTexts("builder", texts);
