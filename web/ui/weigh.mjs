// Weighs the built app: gzipped JavaScript of the first screen, what the builder adds to it, and everything. Fails above the
// budget. "node weigh.mjs dist"
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = process.argv[2] ?? "dist";
const budget = { first: 220, builder: 320, dist: 2.5 * 1024 }; // kB
const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));

/** The chunks that one loads, with those that it asks for later when deep. */
function chunks(keys, deep, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    const { imports = [], dynamicImports = [] } = manifest[key];
    chunks(imports, deep, seen);
    if (deep) {
      chunks(dynamicImports, deep, seen);
    }
  }
  return seen;
}

const route = (path) => Object.keys(manifest).filter((key) => key.startsWith(`src/routes/${path}.tsx?`));
const entry = Object.keys(manifest).filter((key) => manifest[key].isEntry);
const firstChunks = chunks([...entry, ...route("workflows/index")], false);
const builderChunks = [...chunks(route("workflows/$id"), true, new Set(firstChunks))].filter((key) => !firstChunks.has(key));

function weight(keys) {
  const files = new Set([...keys].map((key) => manifest[key].file).filter((file) => file.endsWith(".js")));
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, 0) / 1024;
}

function size(folder) {
  return readdirSync(folder).reduce((sum, name) => {
    const info = statSync(join(folder, name));
    return sum + (info.isDirectory() ? size(join(folder, name)) : info.size);
  }, 0);
}

const figures = { first: weight(firstChunks), builder: weight(builderChunks), dist: size(dist) / 1024 };
console.log(
  `first screen ${figures.first.toFixed(0)} of ${budget.first} kB, builder ${figures.builder.toFixed(0)} of ${budget.builder} kB more ` +
    `(gzipped JavaScript); dist ${figures.dist.toFixed(0)} of ${budget.dist} kB`,
);
const over = Object.keys(budget).filter((name) => figures[name] > budget[name]);
if (over.length > 0 || builderChunks.length === 0) {
  console.error(`FAIL: over the budget: ${over.join(", ") || "the builder was not found in the manifest"}`);
  process.exit(1);
}
