import { useEffect } from "react";
import { server } from "./state/server";
import { useBuilderStore } from "./state/store";

/** Reads the workflow again, so that the counts of its runs are those of now. */
export function useFresh() {
  const store = useBuilderStore();
  useEffect(() => {
    server.load(store.getState().id).then(
      (saved) => {
        if (saved.etag === store.getState().etag) {
          store.getState().adopt(saved);
        }
      },
      () => {}, // the counts stay those of the last save
    );
  }, [store]);
}
