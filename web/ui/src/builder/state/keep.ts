import type { Kept } from "./restore";
import type { BuilderStore } from "./store";

const database = "cartwheel";
const table = "drafts";
const keepFor = 30 * 86_400_000; // ms
const writeAfter = 300; // ms

/** Where drafts are kept. */
export interface Shelf {
  read(key: string): Promise<Kept | undefined>;
  write(kept: Kept): Promise<void>;
  drop(key: string): Promise<void>;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: "key" });
  return settled(request);
}

async function use<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  try {
    return await settled(work(db.transaction(table, mode).objectStore(table)));
  } finally {
    db.close();
  }
}

const tabKey = "cartwheel.tab";

// Two tabs with the same workflow must not overwrite each other's drafts; a reload is still the same tab.
function thisTab(): string {
  const known = sessionStorage.getItem(tabKey) ?? Math.random().toString(36).slice(2);
  sessionStorage.setItem(tabKey, known);
  return known;
}

const ofTab = (key: string) => `${key}#${thisTab()}`;

// What all tabs have kept of a workflow, the latest first.
async function keptOf(key: string): Promise<Kept[]> {
  const all = await use<Kept[]>("readonly", (store) => store.getAll());
  return all.filter((k) => k.key.startsWith(`${key}#`)).sort((a, b) => b.at - a.at);
}

/** The browser's own database. A browser that has none (a private window) keeps nothing: the server still does. */
export const browserShelf: Shelf = {
  async read(key) {
    try {
      await forgetOld();
      const kept = await keptOf(key);
      return kept.find((k) => k.key === ofTab(key)) ?? kept[0];
    } catch {
      return undefined;
    }
  },
  async write(kept) {
    await use("readwrite", (store) => store.put({ ...kept, key: ofTab(kept.key) })).catch(() => undefined);
  },
  async drop(key) {
    for (const kept of await keptOf(key).catch(() => [])) {
      await use("readwrite", (store) => store.delete(kept.key)).catch(() => undefined);
    }
  },
};

async function forgetOld() {
  const all = await use<Kept[]>("readonly", (store) => store.getAll());
  for (const kept of all.filter((k) => k.at < Date.now() - keepFor)) {
    await use("readwrite", (store) => store.delete(kept.key));
  }
}

/** Keeps a builder's state on a shelf after every change; returns what ends that, writing what is left. */
export function keepDraft(store: BuilderStore, shelf: Shelf, key: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    timer = undefined;
    const { etag, base, doc, past, future, selection } = store.getState();
    void shelf.write({ key, etag, base, doc, past, future, selection, at: Date.now() });
  };
  const stop = store.subscribe((now, before) => {
    if (now.doc !== before.doc || now.base !== before.base || now.etag !== before.etag) {
      clearTimeout(timer);
      timer = setTimeout(write, writeAfter);
    }
  });
  const now = () => {
    if (timer !== undefined) {
      clearTimeout(timer);
      write();
    }
  };
  addEventListener("pagehide", now);
  return () => {
    stop();
    removeEventListener("pagehide", now);
    now();
  };
}
