import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { type ReactNode, useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toRow } from "./query";
import { useCondition } from "./use-condition";

const rule = (value: unknown) => ({ kind: "rule", code: "A.b", operator: "eq", value, or_missing: false });

/** A server that knows texts of the form "A.b == N". */
function answer(path: string, body: { condition: string; rules: { rules: { value: unknown }[] } }) {
  if (path.endsWith("/parse")) {
    const value = Number(body.condition.split("== ")[1]?.split(" ")[0]);
    const rules = { kind: "group", combinator: "and", not: false, rules: [rule(value)] };
    return { rules, visual: "full", comments: body.condition.includes("//"), problems: [] };
  }
  return { condition: body.rules.rules.map((r) => `A.b == ${r.value}`).join(" and "), problems: [] };
}

const asked: string[] = [];
let gate: Promise<void> | undefined;
let down = false;

beforeEach(() => {
  asked.length = 0;
  gate = undefined;
  down = false;
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    const body = await request.json();
    asked.push(path.split("/").at(-1) ?? "");
    await gate;
    if (down) {
      throw new TypeError("network");
    }
    return Response.json(answer(path, body));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function opened(first: string) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const changes: string[] = [];
  const trigger = { type: "t" };
  const typeOf = () => "integer";
  const hook = renderHook(
    () => {
      const [value, setValue] = useState(first);
      const onChange = (next: string) => {
        changes.push(next);
        setValue(next);
      };
      return { value, setValue, condition: useCondition({ value, onChange, trigger, typeOf }) };
    },
    { wrapper },
  );
  const condition = () => hook.result.current.condition;
  const values = () =>
    condition().drawn?.query.rules.map((r) => ("value" in r && "value" in r.value ? r.value.value : undefined));
  const edit = (...to: unknown[]) =>
    act(() => {
      const { drawn } = condition();
      if (drawn) {
        condition().change({ ...drawn.query, rules: to.map((value) => toRow(rule(value) as never)) });
      }
    });
  return { hook, condition, values, edit, changes };
}

describe("useCondition", () => {
  it("reads the text, writes an edit, and does not read its own text again", async () => {
    const { hook, values, edit, changes } = opened("A.b == 1");
    await waitFor(() => expect(values()).toEqual([1]));
    edit(2);
    expect(values()).toEqual([2]);
    await waitFor(() => expect(changes).toEqual(["A.b == 2"]));
    await waitFor(() => expect(hook.result.current.condition.settled).toBe(true));
    expect(asked).toEqual(["parse", "format"]);
  });

  it("asks nothing for an empty text, nor to write an empty tree", async () => {
    const { values, edit, changes } = opened("  ");
    await waitFor(() => expect(values()).toEqual([]));
    edit(3);
    await waitFor(() => expect(changes).toEqual(["A.b == 3"]));
    edit();
    await waitFor(() => expect(changes).toEqual(["A.b == 3", ""]));
    expect(asked).toEqual(["format"]);
  });

  it("leaves rows that are not finished out of the text, and keeps them on the screen", async () => {
    const { values, edit, changes } = opened("A.b == 1");
    await waitFor(() => expect(values()).toEqual([1]));
    edit(4, null);
    await waitFor(() => expect(changes).toEqual(["A.b == 4"]));
    expect(values()).toEqual([4, null]);
  });

  it("writes only the last of quick edits", async () => {
    const { values, edit, changes } = opened("A.b == 1");
    await waitFor(() => expect(values()).toEqual([1]));
    edit(2);
    edit(3);
    await waitFor(() => expect(changes).toEqual(["A.b == 3"]));
    expect(asked).toEqual(["parse", "format"]);
  });

  it("follows a text that somebody else changed, and drops what it was about to write", async () => {
    const { hook, values, edit, changes } = opened("A.b == 1");
    await waitFor(() => expect(values()).toEqual([1]));
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    edit(2);
    await waitFor(() => expect(asked).toEqual(["parse", "format"]));
    act(() => hook.result.current.setValue("A.b == 9"));
    open();
    await waitFor(() => expect(values()).toEqual([9]));
    expect(changes).toEqual([]);
  });

  it("writes at once what still waits when the form goes away", async () => {
    const { hook, values, edit, changes } = opened("A.b == 1");
    await waitFor(() => expect(values()).toEqual([1]));
    edit(5);
    hook.unmount();
    await waitFor(() => expect(changes).toEqual(["A.b == 5"]));
  });

  it("keeps an edit that could not be written, and writes it on request", async () => {
    const { condition, values, edit, changes } = opened("A.b == 1");
    await waitFor(() => expect(values()).toEqual([1]));
    down = true;
    edit(6);
    await waitFor(() => expect(condition().unwritten).toBeDefined());
    expect(values()).toEqual([6]);
    expect(changes).toEqual([]);
    down = false;
    act(() => condition().retry());
    await waitFor(() => expect(changes).toEqual(["A.b == 6"]));
    await waitFor(() => expect(condition().unwritten).toBeUndefined()); // the answer reaches the screen a moment after the text
  });

  it("knows of comments until it has written the text itself", async () => {
    const { condition, values, edit, changes } = opened("A.b == 1 // why");
    await waitFor(() => expect(condition().drawn?.comments).toBe(true));
    edit(...(values() ?? []));
    await waitFor(() => expect(changes).toEqual(["A.b == 1"]));
    await waitFor(() => expect(condition().drawn?.comments).toBe(false));
  });
});
