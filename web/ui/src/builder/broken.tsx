import { CircleAlert } from "lucide-react";
import { useTranslation } from "@/i18n/texts";
import { AppLink } from "@/kit/app-link";
import { useBuilder } from "./state/store";

/** Says why a live workflow does not work: what publishing cannot see, such as a store that refuses us. */
export function Broken() {
  const { t } = useTranslation("builder");
  const broken = useBuilder((s) => s.workflow.broken);
  const list = (broken ?? []).filter((b) => b.code !== "problems"); // those stand in the list of problems
  if (list.length === 0) {
    return null;
  }
  return (
    <ul aria-label={t("broken.label")} className="border-b border-bad bg-bad-soft px-3 py-1.5 text-bad">
      {list.map((b) => (
        <li key={`${b.code} ${b.message}`} className="flex flex-wrap items-center gap-x-2">
          <CircleAlert aria-hidden className="size-4.5 shrink-0" />
          <span className="min-w-0 break-words">{b.message}</span>
          <AppLink to={b.link} className="font-medium text-bad underline">
            {t(`broken.${b.code}`)}
          </AppLink>
        </li>
      ))}
    </ul>
  );
}
