import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Ban, PencilRuler, Repeat, RotateCw } from "lucide-react";
import { useState } from "react";
import { api, body, type Schema } from "@/api/client";
import { useMay } from "@/api/session";
import { useTranslation } from "@/i18n/texts";
import { Button, buttonClasses } from "@/kit/button";
import { ConfirmDialog } from "@/kit/dialog";
import { notify, notifyError } from "@/kit/toast";

type Ask = "cancel" | "replay";

/** What can be done with a run, for who may; a refused one says why. */
export function RunActions({ run }: { run: Schema<"RunDetail"> }) {
  const { t } = useTranslation("runs");
  const may = useMay("editor");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Ask>();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ["run", run.id] });
    void client.invalidateQueries({ queryKey: ["runs"] });
  };
  const retry = useMutation({
    mutationFn: () => body(api.POST("/api/v1/runs/{id}/retry", { params: { path: { id: run.id } } })),
    onSuccess: () => {
      notify(t("retry.done"));
      refresh();
    },
    onError: notifyError,
  });
  const cancel = useMutation({
    mutationFn: () => body(api.POST("/api/v1/runs/{id}/cancel", { params: { path: { id: run.id } } })),
    onSuccess: () => {
      setAsking(undefined);
      notify(t("cancel.done"));
      refresh();
    },
    onError: notifyError,
  });
  const replay = useMutation({
    mutationFn: () => body(api.POST("/api/v1/events/{id}/replay", { params: { path: { id: run.event_id } } })),
    onSuccess: (event) => {
      setAsking(undefined);
      void navigate({ to: "/events/$id", params: { id: event.id } });
    },
    onError: notifyError,
  });
  if (!may) {
    return null;
  }
  const open = run.status === "running" || run.status === "waiting";
  const failed = run.steps.find((s) => s.status === "failed" || s.status === "held");
  return (
    <>
      {run.status === "failed" || failed?.status === "held" ? (
        <Button
          look="primary"
          busy={retry.isPending}
          icon={<RotateCw aria-hidden className="size-4" />}
          onClick={() => retry.mutate()}
        >
          {failed ? t("retry.from", { step: failed.id }) : t("retry.button")}
        </Button>
      ) : null}
      {open ? (
        <Button look="danger" icon={<Ban aria-hidden className="size-4" />} onClick={() => setAsking("cancel")}>
          {t("cancel.button")}
        </Button>
      ) : null}
      <Button icon={<Repeat aria-hidden className="size-4" />} onClick={() => setAsking("replay")}>
        {t("replay.button")}
      </Button>
      <Link
        to="/workflows/$id"
        params={{ id: run.workflow_id }}
        search={{ event: run.event_id }}
        className={buttonClasses()}
      >
        <PencilRuler aria-hidden className="size-4" />
        {t("openInBuilder")}
      </Link>
      <ConfirmDialog
        open={asking === "cancel"}
        onClose={() => setAsking(undefined)}
        title={t("cancel.title")}
        text={t("cancel.text")}
        confirm={t("cancel.button")}
        danger
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate()}
      />
      <ConfirmDialog
        open={asking === "replay"}
        onClose={() => setAsking(undefined)}
        title={t("replay.title")}
        text={t("replay.text")}
        confirm={t("replay.button")}
        busy={replay.isPending}
        onConfirm={() => replay.mutate()}
      />
    </>
  );
}
