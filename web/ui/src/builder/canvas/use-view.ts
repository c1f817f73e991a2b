import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback } from "react";
import type { Picture } from "./layout";

const margin = 24; // px kept free around what is shown
const readable = { width: 0.7, height: 0.85 }; // below this a picture is cut off rather than made smaller

/** Moves and zooms the canvas. */
export function useView() {
  const flow = useReactFlow();
  const store = useStoreApi();

  /** Shows the picture from its trigger on, as large as can be read; all: all of it, however small. */
  const show = useCallback(
    (picture: Picture, all = false, duration = 0) => {
      const { width, height } = store.getState();
      const free = { x: Math.max(width - 2 * margin, 100), y: Math.max(height - 2 * margin, 100) };
      const [across, down] = [Math.min(free.x / picture.width, 1), Math.min(free.y / picture.height, 1)];
      const zoom = all
        ? Math.max(Math.min(across, down), 0.1)
        : Math.min(Math.max(across, readable.width), Math.max(down, readable.height));
      const top = picture.height * zoom <= free.y ? (height - picture.height * zoom) / 2 : margin / 2;
      const axis = picture.width / 2;
      void flow.setViewport({ x: width / 2 - axis * zoom, y: Math.max(top, margin / 2), zoom }, { duration });
    },
    [flow, store],
  );

  /** Moves the canvas just so far that a card can be seen. */
  const reveal = useCallback(
    (card: { x: number; y: number; width: number; height: number }) => {
      const { transform, width, height } = store.getState();
      const [x, y, zoom] = transform;
      const shift = (from: number, size: number, room: number) => {
        const start = from - margin;
        const end = from + size + margin;
        return start < 0 ? -start : end > room ? Math.max(room - end, -start) : 0;
      };
      const dx = shift(card.x * zoom + x, card.width * zoom, width);
      const dy = shift(card.y * zoom + y, card.height * zoom, height);
      if (width > 0 && (dx !== 0 || dy !== 0)) {
        void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: calm() ? 0 : 200 });
      }
    },
    [flow, store],
  );
  return { show, reveal, zoomIn: flow.zoomIn, zoomOut: flow.zoomOut };
}

/** Whether the person wants no movement. */
export function calm(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
