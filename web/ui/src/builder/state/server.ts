import { api, tagged } from "@/api/client";
import { connection } from "@/api/connection";
import type { Server } from "./autosave";

/** The real server, for autosave. */
export const server: Server = {
  async save(id, def, etag) {
    const { body: workflow, etag: next } = await tagged(
      api.PUT("/api/v1/workflows/{id}", {
        params: { path: { id }, header: etag ? { "If-Match": etag } : {} },
        body: def,
      }),
    );
    return { workflow, etag: next };
  },
  async load(id) {
    const { body: workflow, etag } = await tagged(api.GET("/api/v1/workflows/{id}", { params: { path: { id } } }));
    return { workflow, etag };
  },
  whenBack: (call) =>
    connection.subscribe((now, before) => {
      if (now.up && !before.up) {
        call();
      }
    }),
};
