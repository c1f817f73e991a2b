import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";

const source = join(__dirname, "..");
const catalogue = new Map(
  readdirSync(join(source, "locales/en")).map((file) => [
    basename(file, ".json"),
    JSON.parse(readFileSync(join(source, "locales/en", file), "utf8")) as object,
  ]),
);

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory()
      ? files(path)
      : /\.tsx?$/.test(name) && !/\.(test|gen|d)\.tsx?$/.test(name)
        ? [path]
        : [];
  });
}

function has(area: string, key: string): boolean {
  let found: unknown = catalogue.get(area);
  for (const part of key.split(".")) {
    found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[part] : undefined;
  }
  return typeof found === "string";
}

const known = (area: string, key: string) => has(area, key) || (has(area, `${key}_one`) && has(area, `${key}_other`));

it("has a text for every key that stands in the code", () => {
  const missing: string[] = [];
  for (const file of files(source)) {
    const text = readFileSync(file, "utf8");
    const areas = [...text.matchAll(/useTranslation(?:<[^>]*>)?\(\s*"([a-z]+)"/g)].map((m) => m[1] as string);
    for (const [, key = ""] of text.matchAll(/(?<![.\w])t\(\s*"([a-z][\w.:-]*)"/gi)) {
      const [area, rest] = key.includes(":") ? (key.split(":") as [string, string]) : ["", key];
      const fits = area ? known(area, rest) : [...areas, "common"].some((a) => known(a, rest));
      if (!fits && areas.length + (area ? 1 : 0) > 0) {
        missing.push(`${file.slice(source.length + 1)}: ${key}`);
      }
    }
  }
  expect(missing).toEqual([]);
});

it("has no empty text", () => {
  const empty: string[] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value === "string" && value.trim() === "") {
      empty.push(path);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        walk(inner, `${path}.${key}`);
      }
    }
  };
  for (const [area, texts] of catalogue) {
    walk(texts, area);
  }
  expect(empty).toEqual([]);
});
