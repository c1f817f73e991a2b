import { addTexts } from "@/i18n/texts";
import testrun from "@/locales/en/testrun.json";

addTexts("testrun", testrun);
