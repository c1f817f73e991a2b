import { useMutation } from "@tanstack/react-query";
import { api, body } from "@/api/client";
import { useBuilderStore } from "@/builder/state/store";
import { sourceBody } from "@/codes/source";
import { useTranslation } from "@/i18n/texts";
import { announce } from "@/kit/announce";
import { keepTest } from "./store";

export interface Ask {
  /** the id of the step to end with; empty: the end */
  until: string;
  mail: boolean;
  http: boolean;
}

/** Tests what is on the screen with the chosen event. */
export function useTest() {
  const { t } = useTranslation("testrun");
  const store = useBuilderStore();
  return useMutation({
    mutationFn: async ({ until, mail, http }: Ask) => {
      const { id, doc, source } = store.getState();
      const run = await body(
        api.POST("/api/v1/workflows/{id}/test", {
          params: { path: { id } },
          body: { ...sourceBody(source), definition: doc, ...(until ? { until } : {}), send: { mail, http } },
        }),
      );
      return { id, tested: { run, doc, source, until, at: Date.now() } };
    },
    onSuccess: ({ id, tested }) => {
      keepTest(id, tested);
      const failed = tested.run.steps.filter((s) => s.status === "failed").length;
      const said = tested.run.matched ? t("said.fires", { count: tested.run.steps.length }) : t("said.not");
      announce(failed > 0 ? `${said} ${t("said.failed", { count: failed })}` : said);
    },
    onError: () => announce(t("said.error")),
  });
}
