import {
  Background,
  BackgroundVariant,
  MiniMap,
  type NodeTypes,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  type Viewport,
  ViewportPortal,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { useEffect, useId, useMemo, useRef } from "react";
import { useStore } from "zustand";
import { useTranslation } from "@/i18n/texts";
import { IconButton } from "@/kit/button";
import { useFocusStore } from "../commands/focus";
import { selectionKey } from "../commands/selection";
import { useTwin } from "../commands/use-twin";
import "../commands/texts";
import { useBuilder } from "../state/store";
import { useTitles } from "../titles";
import { ArmNode, EndNode, JoinNode, StepNode, TriggerNode } from "./cards";
import { type Box, layout, type Picture } from "./layout";
import { type CardNode, nodesOf } from "./nodes";
import { calm, useView } from "./use-view";
import { waitsOf } from "./waits";

const nodeTypes: NodeTypes = { trigger: TriggerNode, step: StepNode, arm: ArmNode, join: JoinNode, end: EndNode };
const mapFrom = 20; // steps: fewer are seen without a map

/** The workflow as a picture. It brings React Flow with it: load it lazily. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Drawn />
    </ReactFlowProvider>
  );
}

function Drawn() {
  const { t } = useTranslation("canvas");
  const region = useRef<HTMLElement>(null);
  const hint = useId();
  const twin = useTwin("canvas");
  const picture = usePicture();
  const nodes = useNodes(picture);
  const { show, zoomIn, zoomOut } = useView();
  const duration = calm() ? 0 : 200;

  // Toolbars keep their size when the picture is small.
  function onViewport({ zoom }: Viewport) {
    region.current?.style.setProperty("--unzoom", String(Math.min(Math.max(1 / zoom, 1), 2.5)));
  }

  return (
    <section
      ref={region}
      aria-label={t("canvas.label")}
      aria-describedby={hint}
      className="relative min-h-0 grow bg-canvas"
      {...twin.region}
    >
      <p id={hint} className="sr-only">
        {t("canvas.hint")}
      </p>
      <ReactFlow<CardNode>
        nodes={nodes}
        edges={none}
        nodeTypes={nodeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        panOnScroll
        zoomOnDoubleClick={false}
        minZoom={0.1}
        maxZoom={1.5}
        onInit={() => show(picture)}
        onViewportChange={onViewport}
      >
        <ViewportPortal>
          <svg
            aria-hidden
            className="pointer-events-none absolute -z-1 overflow-visible"
            width={picture.width}
            height={picture.height}
          >
            <title>{t("canvas.lines")}</title>
            <path d={picture.lines} className="fill-none stroke-line-strong" strokeWidth={1.5} />
          </svg>
        </ViewportPortal>
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.5} color="var(--line)" />
        <Panel position="bottom-left">
          <div
            role="toolbar"
            aria-label={t("canvas.view")}
            className="flex flex-col rounded-md border border-line-strong bg-surface"
          >
            <IconButton label={t("canvas.zoomIn")} onClick={() => void zoomIn({ duration })}>
              <ZoomIn aria-hidden className="size-4" />
            </IconButton>
            <IconButton label={t("canvas.zoomOut")} onClick={() => void zoomOut({ duration })}>
              <ZoomOut aria-hidden className="size-4" />
            </IconButton>
            <IconButton label={t("canvas.fit")} onClick={() => show(picture, true, duration)}>
              <Maximize aria-hidden className="size-4" />
            </IconButton>
          </div>
        </Panel>
        {picture.steps > mapFrom ? <Overview /> : null}
        <Reveal picture={picture} />
      </ReactFlow>
    </section>
  );
}

const none: never[] = [];
const mapSize = { width: 130, height: 110 };

function Overview() {
  const { t } = useTranslation("canvas");
  const chosen = useBuilder((s) => selectionKey(s.selection));
  return (
    <MiniMap<CardNode>
      pannable
      zoomable
      ariaLabel={t("canvas.minimap")}
      bgColor="var(--surface)"
      maskColor="color-mix(in srgb, var(--canvas) 65%, transparent)"
      nodeColor={(node) => (node.id === chosen ? "var(--accent)" : "var(--line-strong)")}
      nodeBorderRadius={20}
      style={mapSize}
      className="rounded-md border border-line-strong"
    />
  );
}

function usePicture(): Picture {
  const steps = useBuilder((s) => s.doc.steps);
  return useMemo(() => layout({ steps }), [steps]);
}

function useNodes(picture: Picture): CardNode[] {
  const { t } = useTranslation("canvas");
  const titles = useTitles();
  const steps = useBuilder((s) => s.doc.steps);
  const trigger = useBuilder((s) => s.doc.trigger.type ?? "");
  const before = useRef<CardNode[]>([]);
  const nodes = useMemo(() => {
    function nameOf(box: Box): string | undefined {
      switch (box.kind) {
        case "trigger":
          return t("node.trigger", { title: titles.title(trigger) });
        case "step":
          return t("node.step", { number: box.number, title: titles.title(box.step.type ?? "") });
        case "arm": {
          const name = box.branch
            ? box.branch.name || titles.t("describe.arm", { number: box.index + 1 })
            : t("arm.otherwise");
          return t("node.arm", { name, id: box.step.id });
        }
        default:
          return undefined;
      }
    }
    return nodesOf(picture, waitsOf({ steps }), before.current, nameOf);
  }, [picture, steps, trigger, titles, t]);
  useEffect(() => {
    before.current = nodes;
  }, [nodes]);
  return nodes;
}

// Moves the canvas so that what is chosen, and what the arrow keys reach, is on the screen.
function Reveal({ picture }: { picture: Picture }) {
  const { reveal } = useView();
  const chosen = useBuilder((s) => selectionKey(s.selection));
  const active = useStore(useFocusStore(), (s) => s.active.canvas);
  const latest = useRef(picture);
  useEffect(() => {
    latest.current = picture;
  }, [picture]);
  const key = active.startsWith("arm:") ? active : chosen;
  const first = useRef(true);
  useEffect(() => {
    const card = latest.current.boxes.find((b) => b.key === key);
    if (card && !first.current) {
      reveal(card);
    }
    first.current = false;
  }, [key, reveal]);
  return null;
}
