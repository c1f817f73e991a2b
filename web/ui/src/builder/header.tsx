import { Link } from "@tanstack/react-router";
import { ChevronLeft, FlaskConical, PanelLeft, Redo2, Rocket, Undo2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "@/i18n/texts";
import { Badge, StatusBadge } from "@/kit/badge";
import { Button, buttonClasses, IconButton } from "@/kit/button";
import { usePageTitle } from "@/kit/page";
import { EventChooser } from "./event-chooser";
import { HeaderMenu } from "./header-menu";
import { setName } from "./model";
import { PublishDialog } from "./publish-dialog";
import { SavedState } from "./saved-state";
import { useBuilder, useBuilderStore } from "./state/store";

/** The line above the builder: what is open, how it stands, and what can be done with it. */
export function BuilderHeader() {
  const { t } = useTranslation("builder");
  const canEdit = useBuilder((s) => s.canEdit);
  const panel = useBuilder((s) => s.panel);
  const store = useBuilderStore();
  const [publishing, setPublishing] = useState(false);
  return (
    <div
      role="group"
      aria-label={t("header.label")}
      className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-surface px-2 py-1.5"
    >
      <Link
        to="/workflows"
        aria-label={t("header.back")}
        title={t("header.back")}
        className={buttonClasses("quiet", true)}
      >
        <ChevronLeft aria-hidden className="size-5 rtl:rotate-180" />
      </Link>
      <NameField />
      <Status />
      <SavedState />
      <div className="ms-auto flex flex-wrap items-center gap-1">
        {canEdit ? <UndoRedo /> : null}
        <OutlineToggle />
        <EventChooser />
        {canEdit ? (
          <>
            <Button
              icon={<FlaskConical aria-hidden className="size-4" />}
              aria-expanded={panel === "test"}
              onClick={() => store.getState().setPanel(panel === "test" ? null : "test")}
            >
              {t("header.test")}
            </Button>
            <Button look="primary" icon={<Rocket aria-hidden className="size-4" />} onClick={() => setPublishing(true)}>
              {t("header.publish")}
            </Button>
          </>
        ) : (
          <Badge tone="info">{t("header.readOnly")}</Badge>
        )}
        <HeaderMenu />
      </div>
      {publishing ? <PublishDialog onClose={() => setPublishing(false)} /> : null}
    </div>
  );
}

function NameField() {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const name = useBuilder((s) => s.doc.name);
  const canEdit = useBuilder((s) => s.canEdit);
  const focus = useBuilder((s) => s.focus);
  const wrong = useBuilder(
    (s) => s.problems.find((p) => p.target.kind === "workflow" && p.target.field === "name")?.message,
  );
  const input = useRef<HTMLInputElement>(null);
  usePageTitle(name || t("header.unnamed"));
  useEffect(() => {
    if (focus?.target.kind === "workflow") {
      if (focus.target.field === "name") {
        input.current?.focus();
      }
      store.getState().clearFocus();
    }
  }, [focus, store]);
  return (
    <>
      <h1 className={canEdit ? "sr-only" : "px-1 text-lg font-semibold break-words"}>{name || t("header.unnamed")}</h1>
      {canEdit ? (
        <input
          ref={input}
          aria-label={t("header.name")}
          aria-invalid={wrong ? true : undefined}
          title={wrong}
          value={name}
          maxLength={200}
          placeholder={t("header.unnamed")}
          className="field-sizing-content min-h-8 max-w-[min(26rem,72vw)] min-w-24 rounded-md border border-transparent bg-transparent px-1.5 text-lg font-semibold text-text hover:border-line-strong focus:border-line-strong aria-invalid:border-bad"
          onChange={(e) =>
            store.getState().edit(t("edit.name"), (def) => setName(def, e.target.value), { key: "name" })
          }
          onKeyDown={(e) => e.key === "Enter" && e.currentTarget.blur()}
        />
      ) : null}
    </>
  );
}

function Status() {
  const { t } = useTranslation("builder");
  const status = useBuilder((s) => s.status);
  const live = useBuilder((s) => s.workflow.live_version);
  const changed = useBuilder((s) => s.workflow.has_unpublished_changes || s.saving !== "saved");
  return (
    <span className="flex flex-wrap items-center gap-1">
      <StatusBadge status={status} />
      {live ? <Badge>{t("header.version", { version: live })}</Badge> : null}
      {changed && live ? <Badge tone="warn">{t("header.changes")}</Badge> : null}
    </span>
  );
}

function UndoRedo() {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const past = useBuilder((s) => s.past.at(-1)?.label);
  const future = useBuilder((s) => s.future.at(-1)?.label);
  return (
    <>
      <IconButton
        label={past === undefined ? t("header.undo") : t("header.undoThis", { label: past })}
        aria-disabled={past === undefined}
        className="aria-disabled:opacity-50"
        onClick={() => store.getState().undo()}
      >
        <Undo2 aria-hidden className="size-4.5" />
      </IconButton>
      <IconButton
        label={future === undefined ? t("header.redo") : t("header.redoThis", { label: future })}
        aria-disabled={future === undefined}
        className="aria-disabled:opacity-50"
        onClick={() => store.getState().redo()}
      >
        <Redo2 aria-hidden className="size-4.5" />
      </IconButton>
    </>
  );
}

function OutlineToggle() {
  const { t } = useTranslation("builder");
  const store = useBuilderStore();
  const outline = useBuilder((s) => s.outline);
  return (
    <IconButton
      label={outline ? t("header.hideOutline") : t("header.showOutline")}
      aria-pressed={outline}
      className="max-md:hidden"
      onClick={() => store.getState().toggleOutline()}
    >
      <PanelLeft aria-hidden className="size-4.5 rtl:-scale-x-100" />
    </IconButton>
  );
}
