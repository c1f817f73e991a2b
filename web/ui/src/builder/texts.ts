import { addTexts } from "@/i18n/texts";
import "@/conditions/texts"; // a summary says a condition in their words
import texts from "@/locales/en/builder.json";

addTexts("builder", texts);
