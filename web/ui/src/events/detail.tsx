import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Repeat } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { authenticationsQuery } from "@/api/queries/authentications";
import { eventQuery } from "@/api/queries/events";
import { triggersQuery } from "@/api/queries/triggers";
import { useMay } from "@/api/session";
import { addTexts, useTranslation } from "@/i18n/texts";
import { StatusBadge } from "@/kit/badge";
import { Button } from "@/kit/button";
import { ConfirmDialog } from "@/kit/dialog";
import { JsonView } from "@/kit/json-view";
import { LiveChip } from "@/kit/live-chip";
import { Page, Section } from "@/kit/page";
import { ErrorState, Skeleton } from "@/kit/state";
import { Time } from "@/kit/time";
import { notifyError } from "@/kit/toast";
import conditionTexts from "@/locales/en/conditions.json";
import en from "@/locales/en/events.json";
import runTexts from "@/locales/en/runs.json";
import { writeLookup } from "@/runs/lookup";
import { Codes } from "./codes";
import { Why } from "./why";

addTexts("events", en);
addTexts("runs", runTexts);
addTexts("conditions", conditionTexts);

/** One event: what came, what it cost, every merge code, and why each workflow did or did not fire. */
export function EventDetail({ id }: { id: string }) {
  const { t } = useTranslation("events");
  const event = useQuery(eventQuery(id));
  if (event.isPending) {
    return (
      <Page title={t("one")}>
        <Skeleton lines={8} />
      </Page>
    );
  }
  if (event.isError && !event.data) {
    return (
      <Page title={t("one")}>
        <ErrorState error={event.error} onRetry={() => void event.refetch()} />
      </Page>
    );
  }
  return <Loaded event={event.data} />;
}

function Loaded({ event }: { event: Schema<"EventDetail"> }) {
  const { t } = useTranslation("events");
  const may = useMay("editor");
  const triggers = useQuery(triggersQuery);
  const title = triggers.data?.find((x) => x.type === event.trigger)?.title ?? event.trigger;
  return (
    <Page
      title={event.entity ? t("oneAbout", { trigger: title, entity: writeLookup({ entity: event.entity }) }) : title}
      actions={
        <>
          <LiveChip />
          {may ? <Replay event={event} /> : null}
        </>
      }
    >
      <Section title={t("summary")} actions={<StatusBadge status={event.status} />}>
        {event.reason ? <p className="mb-3 break-words">{event.reason}</p> : null}
        <Facts event={event} />
      </Section>
      <Section title={t("why.title")}>
        <Why event={event} />
      </Section>
      <Section title={t("codes.title")}>
        <Codes event={event} />
      </Section>
      <Section title={t("calls.title")}>
        <Calls calls={event.api_calls} />
      </Section>
      <Section title={t("raw.title")}>
        {event.note ? <p className="mb-2">{event.note}</p> : null}
        {event.body ? (
          <JsonView value={event.body} label={t("raw.title")} />
        ) : (
          <p className="text-muted">{may ? t("raw.gone") : t("raw.hidden")}</p>
        )}
      </Section>
    </Page>
  );
}

function Facts({ event }: { event: Schema<"EventDetail"> }) {
  const { t } = useTranslation("events");
  const store = useQuery(authenticationsQuery).data?.find((a) => a.id === event.authentication_id);
  const facts: [string, React.ReactNode][] = [
    [t("column.received"), <Time key="r" at={event.received_at} seconds />],
    [t("occurred"), <Time key="o" at={event.occurred_at} seconds />],
    [
      t("store"),
      <Link key="s" to="/authentications/$id" params={{ id: event.authentication_id }} className="text-accent">
        {store?.name ?? event.authentication_id}
      </Link>,
    ],
    [t("scope"), event.scope],
    [t("column.duplicates"), event.duplicates > 0 ? t("again", { count: event.duplicates }) : t("onlyOnce")],
  ];
  if (event.replay_of) {
    facts.push([
      t("replayOf"),
      <Link key="p" to="/events/$id" params={{ id: event.replay_of }} className="text-accent">
        {t("replayOfLink")}
      </Link>,
    ]);
  }
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2 xl:grid-cols-5">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Replay({ event }: { event: Schema<"EventDetail"> }) {
  const { t } = useTranslation("events");
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const replay = useMutation({
    mutationFn: () => body(api.POST("/api/v1/events/{id}/replay", { params: { path: { id: event.id } } })),
    onSuccess: (made) => {
      setAsking(false);
      void navigate({ to: "/events/$id", params: { id: made.id } });
    },
    onError: notifyError,
  });
  return (
    <>
      <Button icon={<Repeat aria-hidden className="size-4" />} onClick={() => setAsking(true)}>
        {t("runs:replay.button")}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t("runs:replay.title")}
        text={t("runs:replay.text")}
        confirm={t("runs:replay.button")}
        busy={replay.isPending}
        onConfirm={() => replay.mutate()}
      />
    </>
  );
}

function Calls({ calls }: { calls: Schema<"Call">[] | null }) {
  const { t } = useTranslation("events");
  if (!calls || calls.length === 0) {
    return <p className="text-muted">{t("calls.none")}</p>;
  }
  return (
    <div className="overflow-auto" tabIndex={0} role="group" aria-label={t("calls.title")}>
      <table className="w-full text-sm">
        <thead>
          <tr className="text-start text-muted">
            <th scope="col" className="py-1 pe-4 text-start font-medium">
              {t("calls.call")}
            </th>
            <th scope="col" className="py-1 pe-4 text-start font-medium">
              {t("calls.answer")}
            </th>
            <th scope="col" className="py-1 pe-4 text-start font-medium">
              {t("calls.took")}
            </th>
            <th scope="col" className="py-1 text-start font-medium">
              {t("calls.attempts")}
            </th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <tr key={call.method + call.path} className="border-t border-line">
              <td className="py-1 pe-4 font-mono break-all">
                {call.method} {call.path}
              </td>
              <td className="py-1 pe-4">{call.status ?? "–"}</td>
              <td className="py-1 pe-4 whitespace-nowrap">{t("calls.ms", { count: call.millis })}</td>
              <td className="py-1">{call.attempts ?? 1}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
