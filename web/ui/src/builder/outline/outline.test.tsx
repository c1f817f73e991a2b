import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Schema } from "@/api/client";
import "../texts";
import { CommandsProvider } from "../commands/provider";
import type { Step } from "../model/definition";
import { flatten } from "../model/find";
import { BuilderProvider, type BuilderStore, createBuilder } from "../state/store";
import { Outline } from "./outline";

const send = (id: string): Step => ({ id, type: "send_email", config: {} });
const steps: Step[] = [
  send("a"),
  { id: "b", type: "branch", branches: [{ name: "big", condition: "true", steps: [send("c")] }], otherwise: [] },
  send("d"),
];

let store: BuilderStore;

function open(canEdit = true) {
  const workflow = {
    id: "w",
    name: "W",
    trigger: { type: "x" },
    once_per: "event",
    condition: "",
    steps,
    problems: [],
    warnings: [],
  };
  store = createBuilder({ workflow: workflow as unknown as Schema<"Workflow">, etag: '"1"' }, { canEdit });
  const client = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } },
  });
  client.setQueryData(
    ["actions"],
    [
      {
        type: "send_email",
        title: "Send e-mail",
        summary: "",
        authentication_types: [],
        fields: [],
        outputs: [],
        example: {},
      },
    ],
  );
  client.setQueryData(["authentications"], []);
  client.setQueryData(
    ["triggers"],
    [{ type: "x", title: "Order created", summary: "", authentication_types: [], fields: [] }],
  );
  render(
    <QueryClientProvider client={client}>
      <BuilderProvider value={store}>
        <CommandsProvider>
          <Outline />
        </CommandsProvider>
      </BuilderProvider>
    </QueryClientProvider>,
  );
}

const focused = () => document.activeElement?.getAttribute("data-card");
const ids = () => flatten(store.getState().doc).map((f) => f.id);
function press(key: string, held: object = {}) {
  fireEvent.keyDown(document.activeElement as Element, { key, ...held });
}

beforeEach(() => {
  localStorage.clear();
  Element.prototype.scrollIntoView ??= () => {};
});
afterEach(cleanup);

it("has one line in the order of the Tab key, and arrows lead along all of them", () => {
  open();
  const lines = [...document.querySelectorAll<HTMLElement>("[data-card]")];
  expect(lines.filter((l) => l.tabIndex === 0).map((l) => l.dataset.card)).toEqual(["trigger"]);
  lines[0]?.focus();
  const way = lines.slice(1).map(() => {
    press("ArrowDown");
    return focused();
  });
  expect(way).toEqual(["step:a", "step:b", "arm:b:0", "step:c", "arm:b:otherwise", "step:d"]);
  expect(store.getState().selection).toEqual({ kind: "step", id: "d" });
});

it("adds, moves and deletes by keyboard alone, and the focus goes along", async () => {
  open();
  document.querySelector<HTMLElement>("[data-card='step:a']")?.focus();
  press("a");
  const search = await screen.findByPlaceholderText(/Search/);
  fireEvent.change(search, { target: { value: "wait" } });
  fireEvent.keyDown(search, { key: "Enter" });
  expect(ids()).toEqual(["a", "delay", "b", "c", "d"]);
  expect(focused()).toBe("step:delay");
  press("ArrowDown", { altKey: true });
  expect(ids()).toEqual(["a", "b", "delay", "c", "d"]);
  expect(focused()).toBe("step:delay");
  press("Delete");
  expect(ids()).toEqual(["a", "b", "c", "d"]);
  expect(focused()).toBe("step:b");
});

it("offers nothing to change to who may not edit", () => {
  open(false);
  document.querySelector<HTMLElement>("[data-card='step:a']")?.focus();
  press("Delete");
  press("a");
  expect(ids()).toEqual(["a", "b", "c", "d"]);
  expect(screen.queryByRole("button", { name: /Add a step/ })).toBeNull();
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("leaves letters alone when they are switched off in the list of keys", async () => {
  open();
  document.querySelector<HTMLElement>("[data-card='step:a']")?.focus();
  press("d");
  expect(ids()).toEqual(["a", "a-2", "b", "c", "d"]);
  store.getState().undo();
  document.querySelector<HTMLElement>("[data-card='step:a']")?.focus();
  press("?");
  fireEvent.click(await screen.findByRole("checkbox", { name: /Single letters/ }));
  fireEvent.click(screen.getByRole("button", { name: "Close" }));
  document.querySelector<HTMLElement>("[data-card='step:a']")?.focus();
  press("d");
  expect(ids()).toEqual(["a", "b", "c", "d"]);
  press("Delete");
  expect(ids()).toEqual(["b", "c", "d"]);
});
