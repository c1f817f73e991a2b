import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, CircleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { authenticationsQuery } from "@/api/queries/authentications";
import { setupQuery } from "@/api/queries/setup";
import { useMay } from "@/api/session";
import { MakeAuthentication } from "@/authentications/new";
import { boot } from "@/boot";
import { DemoLinks } from "@/home/demo-links";
import { addTexts, useTranslation } from "@/i18n/texts";
import { Badge } from "@/kit/badge";
import { Button, buttonClasses } from "@/kit/button";
import { Page } from "@/kit/page";
import { ErrorState, Skeleton } from "@/kit/state";
import authenticationTexts from "@/locales/en/authentications.json";
import homeTexts from "@/locales/en/home.json";
import en from "@/locales/en/start.json";
import workflowTexts from "@/locales/en/workflows.json";
import { NewWorkflow } from "@/workflows/new";
import { Connected } from "./connected";
import { EventStep } from "./event-step";

addTexts("start", en);
addTexts("authentications", authenticationTexts);
addTexts("home", homeTexts);
addTexts("workflows", workflowTexts);

/** Leads from an empty installation to a workflow that has been tried; each step is ticked by a real look. */
export function Start() {
  const { t } = useTranslation("start");
  const setup = useQuery(setupQuery);
  const authentications = useQuery(authenticationsQuery).data;
  const fails = (id?: string) => authentications?.find((a) => a.id === id)?.health?.state === "failing";
  const mayConnect = useMay("integration_manager");
  const mayBuild = useMay("editor");
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState(""); // the authentication that was just made is tested at once
  if (setup.isPending) {
    return (
      <Page title={t("title")}>
        <Skeleton lines={6} />
      </Page>
    );
  }
  if (setup.isError) {
    return (
      <Page title={t("title")}>
        <ErrorState error={setup.error} onRetry={() => void setup.refetch()} />
      </Page>
    );
  }
  const s = setup.data;
  const onMade = (id: string) => {
    setMade(id);
    void setup.refetch();
  };
  const ask = <p className="text-muted">{t("whoConnects")}</p>;
  return (
    <Page title={t("title")} text={boot.demo ? t("demo") : t("text")}>
      {boot.demo ? <DemoLinks /> : null}
      <ol className="flex flex-col gap-3">
        <Step
          number={1}
          done={s.store.done}
          fails={fails(s.store.authentication_id)}
          title={t("store.title")}
          text={t("store.text")}
        >
          {s.store.done && s.store.authentication_id ? (
            <Connected id={s.store.authentication_id} testNow={s.store.authentication_id === made} />
          ) : mayConnect ? (
            <MakeAuthentication type="bigcommerce" onMade={onMade} />
          ) : (
            ask
          )}
        </Step>
        <Step
          number={2}
          done={s.sender.done}
          fails={fails(s.sender.authentication_id)}
          title={t("sender.title")}
          text={t("sender.text")}
        >
          {s.sender.done && s.sender.authentication_id ? (
            <Connected id={s.sender.authentication_id} testNow={s.sender.authentication_id === made} />
          ) : mayConnect ? (
            <MakeAuthentication type="smtp" onMade={onMade} />
          ) : (
            ask
          )}
        </Step>
        <Step number={3} done={s.event.done} title={t("event.title")} text={t("event.text")}>
          <EventStep setup={s} />
        </Step>
        <Step number={4} done={s.workflow.done} title={t("workflow.title")} text={t("workflow.text")}>
          <div className="flex flex-wrap gap-2">
            {mayBuild ? (
              <Button look="primary" onClick={() => setMaking(true)}>
                {t("workflow.choose")}
              </Button>
            ) : null}
            {s.workflow.id ? (
              <Link to="/workflows/$id" params={{ id: s.workflow.id }} className={buttonClasses()}>
                {t("workflow.open")}
              </Link>
            ) : null}
          </div>
        </Step>
      </ol>
      <p>
        <Link to="/workflows" className="text-accent">
          {t("later")}
        </Link>
      </p>
      {making ? <NewWorkflow readyMade onClose={() => setMaking(false)} /> : null}
    </Page>
  );
}

interface StepProps {
  number: number;
  done: boolean;
  /** it is there and does not work */
  fails?: boolean;
  title: string;
  text: string;
  children: ReactNode;
}

/** One step: what was done before is folded, and can be looked at; what is done now stays open, so that one sees how it went. */
function Step({ number, done, fails = false, title, text, children }: StepProps) {
  const { t } = useTranslation("start");
  const [open] = useState(!done || number === 4);
  return (
    <li className="rounded-lg border border-line bg-surface">
      <details open={open}>
        <summary className="flex min-h-12 cursor-pointer items-center gap-3 px-4 py-2">
          <span
            aria-hidden
            className="inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-sunken font-semibold"
          >
            {fails ? (
              <CircleAlert className="size-4 text-bad" />
            ) : done ? (
              <Check className="size-4 text-good" />
            ) : (
              number
            )}
          </span>
          <h2 className="grow text-lg font-semibold">{title}</h2>
          {fails ? (
            <Badge tone="bad">{t("fails")}</Badge>
          ) : done ? (
            <Badge tone="good">{t("done")}</Badge>
          ) : (
            <Badge>{t("open")}</Badge>
          )}
        </summary>
        <div className="border-t border-line p-4">
          <p className="mb-3 max-w-prose text-muted">{text}</p>
          {children}
        </div>
      </details>
    </li>
  );
}
