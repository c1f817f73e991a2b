import { addTexts } from "@/i18n/texts";
import canvas from "@/locales/en/canvas.json";

addTexts("canvas", canvas);
