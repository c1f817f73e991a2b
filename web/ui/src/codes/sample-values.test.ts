import { afterEach, expect, it, vi } from "vitest";
import { renderAll } from "./sample-values";

afterEach(() => vi.unstubAllGlobals());

it("asks for many templates in one request, for very many in a few", async () => {
  const asked: string[][] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (request: Request) => {
      const { templates, event_id } = (await request.json()) as {
        templates: Record<string, { template: string }>;
        event_id: string;
      };
      expect(event_id).toBe("e1");
      asked.push(Object.keys(templates));
      const results = Object.fromEntries(
        Object.entries(templates).map(([name, t]) => [name, { output: t.template, codes: [], problems: [] }]),
      );
      return Response.json({ output: "", codes: [], problems: [], results });
    }),
  );
  const templates = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`n${i}`, { template: `t${i}` }]));
  const few = await renderAll({ type: "x" }, { event_id: "e1" }, { a: { template: "A" } });
  expect(few).toEqual({ a: { output: "A", codes: [], problems: [] } });
  const many = await renderAll({ type: "x" }, { event_id: "e1" }, templates);
  expect(asked.map((names) => names.length)).toEqual([1, 50, 10]);
  expect(Object.values(many).map((r) => r.output)).toEqual(Array.from({ length: 60 }, (_, i) => `t${i}`));
});
