import { queryOptions } from "@tanstack/react-query";
import { api, tagged } from "@/api/client";

/** One authentication, and the tag that the next change sends. */
export const authenticationQuery = (id: string) =>
  queryOptions({
    queryKey: ["authentication", id],
    queryFn: async () => {
      const { body: authentication, etag } = await tagged(
        api.GET("/api/v1/authentications/{id}", { params: { path: { id } } }),
      );
      return { authentication, etag };
    },
    enabled: id !== "",
  });
