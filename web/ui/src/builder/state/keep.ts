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

/** The browser's own database. A browser that has none (a private window) keeps nothing: the server still does. */
export const browserShelf: Shelf = {
  async read(key) {
    try {
      await forgetOld();
      return (await use<Kept | undefined>("readonly", (store) => store.get(key))) ?? undefined;
    } catch {
      return undefined;
    }
  },
  async write(kept) {
    await use("readwrite", (store) => store.put(kept)).catch(() => undefined);
  },
  async drop(key) {
    await use("readwrite", (store) => store.delete(key)).catch(() => undefined);
  },
};

async function forgetOld() {
  const all = await use<Kept[]>("readonly", (store) => store.getAll());
  for (const kept of all.filter((k) => k.at < Date.now() - keepFor)) {
    await browserShelf.drop(kept.key);
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
