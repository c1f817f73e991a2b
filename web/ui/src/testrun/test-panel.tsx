import { FlaskConical, Play, StepForward } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/api/session";
import { EventChooser } from "@/builder/event-chooser";
import { find } from "@/builder/model/find";
import { useBuilder } from "@/builder/state/store";
import { useTitles } from "@/builder/titles";
import { useTranslation } from "@/i18n/texts";
import { Button } from "@/kit/button";
import { Checkbox } from "@/kit/field";
import { EmptyState, ErrorState, Skeleton } from "@/kit/state";
import { useTested } from "./store";
import { TestResults } from "./test-results";
import "./texts";
import { useTest } from "./use-test";

/** The test run: with which event, how far, what really leaves, and what came of it. */
export function TestPanel() {
  const { t } = useTranslation("testrun");
  const titles = useTitles();
  const { email } = useSession();
  const doc = useBuilder((s) => s.doc);
  const selection = useBuilder((s) => s.selection);
  const tested = useTested();
  const test = useTest();
  // Nothing leaves unless somebody ticks it here, each time anew.
  const [mail, setMail] = useState(false);
  const [http, setHttp] = useState(false);
  const [last, setLast] = useState("");
  const chosen = selection.kind === "step" ? find(doc, selection.id) : undefined;
  const run = (until: string) => {
    setLast(until);
    test.mutate({ until, mail, http });
  };
  return (
    <div className="flex min-w-0 flex-col gap-3 p-3">
      <div className="flex flex-wrap items-center gap-2">
        <EventChooser small />
        <Button
          small
          look="primary"
          busy={test.isPending}
          icon={<Play aria-hidden className="size-4" />}
          onClick={() => run("")}
        >
          {t("run.all")}
        </Button>
        {chosen ? (
          <Button
            small
            busy={test.isPending}
            icon={<StepForward aria-hidden className="size-4" />}
            onClick={() => run(chosen.id)}
          >
            {t("run.until", { number: chosen.number, title: titles.title(chosen.step.type ?? "") })}
          </Button>
        ) : null}
      </div>
      <fieldset className="flex flex-wrap gap-x-6 gap-y-2">
        <legend className="sr-only">{t("send.legend")}</legend>
        <Checkbox
          className="min-w-56 flex-1"
          label={t("send.mail")}
          help={email ? t("send.mailHelp", { email }) : t("send.noAddress")}
          disabled={!email}
          checked={mail}
          onChange={(e) => setMail(e.target.checked)}
        />
        <Checkbox
          className="min-w-56 flex-1"
          label={t("send.http")}
          help={t("send.httpHelp")}
          checked={http}
          onChange={(e) => setHttp(e.target.checked)}
        />
      </fieldset>
      {test.isError ? (
        <ErrorState error={test.error} onRetry={() => run(last)} title={t("failed")} />
      ) : test.isPending && !tested ? (
        <Skeleton lines={3} />
      ) : tested ? (
        <TestResults tested={tested} />
      ) : (
        <EmptyState
          title={t("empty.title")}
          text={t("empty.text")}
          icon={<FlaskConical aria-hidden className="size-6 text-muted" />}
        />
      )}
    </div>
  );
}
