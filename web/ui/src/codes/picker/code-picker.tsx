import { useTranslation } from "@/i18n/texts";
import { Dialog } from "@/kit/dialog";
import type { Code } from "../codes";
import { PreviewBatch, type TemplatePlace } from "../preview-batch";
import { usePreviewContext } from "../source";
import type { CodeValue } from "../template-text";
import "../texts";
import { Picker } from "./picker";

export interface CodePickerProps {
  open: boolean;
  onClose: () => void;
  /** template: {{ … }} with fallback and format; path: what stands in a condition */
  mode: "template" | "path";
  /** what was chosen, ready to insert, and the code that it is of */
  onPick: (text: string, code: Code) => void;
  /** where the template's output lands */
  place?: TemplatePlace;
  /** the lists whose blocks (or list rules) the place stands in, as codes or paths, the innermost first */
  loops?: string[];
  /** the value tag that is changed */
  initial?: CodeValue;
}

/** The dialog that finds merge codes: by name, by path, by value, by another word for it. */
export function CodePicker(props: CodePickerProps) {
  const { t } = useTranslation("codes");
  const { source } = usePreviewContext();
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      size="large"
      title={t(props.initial ? "picker.editTitle" : props.mode === "path" ? "picker.chooseTitle" : "picker.title")}
      text={t("picker.valuesOf", { source: source.kind === "builtin" ? t("source.builtin") : source.label })}
    >
      <PreviewBatch>
        <Picker {...props} />
      </PreviewBatch>
    </Dialog>
  );
}
