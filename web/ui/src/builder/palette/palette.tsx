import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useLayoutEffect, useRef } from "react";
import { actionsQuery } from "@/api/queries/actions";
import { useTranslation } from "@/i18n/texts";
import { CommandList } from "@/kit/command-list";
import { Dialog } from "@/kit/dialog";
import { inputClasses } from "@/kit/field";
import { ErrorState, Skeleton } from "@/kit/state";
import { useCommands } from "../commands/provider";
import type { Place } from "../model/definition";
import { useTitles } from "../titles";
import { groups, iconOf, type Kind, kindsOf } from "./kinds";
import { noteRecent, recentTypes } from "./recent";

const itemClasses =
  "flex min-h-12 cursor-pointer items-center gap-3 rounded-md px-2 py-1.5 data-[selected=true]:bg-accent-soft";

/** Chooses what kind of step is added at a place. */
export function Palette({ place, onClose }: { place: Place | undefined; onClose: () => void }) {
  const { t } = useTranslation("canvas");
  const chosen = useRef(false); // then the new card gets the focus, not what opened this
  const commands = useCommands();
  useLayoutEffect(() => {
    if (place) {
      chosen.current = false;
    }
  }, [place]);
  function choose(type: string) {
    if (place) {
      chosen.current = true;
      noteRecent(type);
      onClose();
      commands.insert(place, type);
    }
  }
  return (
    <Dialog
      open={place !== undefined}
      onClose={onClose}
      title={t("palette.title")}
      size="medium"
      returnFocus={() => !chosen.current}
    >
      <Kinds onChoose={choose} />
    </Dialog>
  );
}

function Kinds({ onChoose }: { onChoose: (type: string) => void }) {
  const { t } = useTranslation("canvas");
  const { title } = useTitles();
  const actions = useQuery(actionsQuery);
  const kinds = kindsOf(actions.data ?? [], title, t);
  const recent = recentTypes().flatMap((type) => kinds.find((k) => k.type === type) ?? []);
  return (
    <Command label={t("palette.label")} loop className="flex flex-col gap-2" filter={matches}>
      <Command.Input autoFocus className={inputClasses} placeholder={t("palette.search")} />
      {actions.isPending ? <Skeleton lines={3} /> : null}
      {actions.isError ? (
        <ErrorState error={actions.error} onRetry={() => void actions.refetch()} title={t("palette.failed")} />
      ) : null}
      <CommandList label={t("palette.label")} none={t("palette.none")}>
        <Heading id="recent" kinds={recent} onChoose={onChoose} />
        {groups.map((group) => (
          <Heading key={group} id={group} kinds={kinds.filter((k) => k.group === group)} onChoose={onChoose} />
        ))}
      </CommandList>
    </Command>
  );
}

function Heading({ id, kinds, onChoose }: { id: string; kinds: Kind[]; onChoose: (type: string) => void }) {
  const { t } = useTranslation("canvas");
  if (kinds.length === 0) {
    return null;
  }
  return (
    <Command.Group
      heading={t(`group.${id}`)}
      className="pb-2 **:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:py-1 **:[[cmdk-group-heading]]:text-sm **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-muted"
    >
      {kinds.map((kind) => (
        <Line key={kind.type} value={`${id} ${kind.type}`} kind={kind} onChoose={onChoose} />
      ))}
    </Command.Group>
  );
}

function Line({ value, kind, onChoose }: { value: string; kind: Kind; onChoose: (type: string) => void }) {
  const Icon = iconOf(kind.type);
  return (
    <Command.Item
      value={value}
      keywords={[kind.title, kind.summary]}
      className={itemClasses}
      onSelect={() => onChoose(kind.type)}
    >
      <span aria-hidden className="flex size-8 shrink-0 items-center justify-center rounded-md bg-sunken text-accent">
        <Icon className="size-4" />
      </span>
      <span className="min-w-0">
        <span className="block font-medium">{kind.title}</span>
        <span className="block text-sm text-muted">{kind.summary}</span>
      </span>
    </Command.Item>
  );
}

/** Finds by every word that is typed, the title first; what was used recently is not shown twice while searching. */
export function matches(value: string, search: string, keywords: string[] = []): number {
  if (value.startsWith("recent ")) {
    return search.trim() === "" ? 1 : 0;
  }
  const [title = "", ...rest] = keywords.map((k) => k.toLowerCase());
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [title, ...rest, value.toLowerCase()].join(" ");
  if (!words.every((w) => all.includes(w))) {
    return 0;
  }
  return words.every((w) => title.includes(w)) ? 1 : 0.5;
}
