import createClient from "openapi-fetch";
import { basePath } from "@/boot";
import { connection } from "./connection";
import { problemOf, Unreachable } from "./problem";
import type { components, paths } from "./schema";
import { signInAgain } from "./sign-in-again";

/** One shape of the API by its name, such as Schema<"Workflow">. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/**
 * Asks the server. Who was signed out meanwhile is asked to sign in, and the request is sent then: nothing is lost. A server
 * that does not answer is noted, so that the banner shows.
 */
async function ask(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await reach(request);
  if (response.status !== 401 || request.url.endsWith("/api/v1/session")) {
    return response;
  }
  await signInAgain();
  return reach(again);
}

async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    connection.getState().reached();
    return response;
  } catch (cause) {
    if (request.signal.aborted) {
      throw cause;
    }
    connection.getState().lost();
    throw new Unreachable(cause);
  }
}

/** The API of this server, typed by its OpenAPI document. */
export const api = createClient<paths>({ baseUrl: basePath || location.origin, fetch: ask });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Waits for an answer and returns its body; throws a Problem or Unreachable. */
export async function body<T>(answer: Promise<Answer<T>>): Promise<T> {
  return (await tagged(answer)).body;
}

/** As body, with the ETag that the next change sends as If-Match. */
export async function tagged<T>(answer: Promise<Answer<T>>): Promise<{ body: T; etag: string }> {
  const { data, error, response } = await answer;
  if (!response.ok) {
    throw problemOf(response, error);
  }
  return { body: data as T, etag: response.headers.get("ETag") ?? "" };
}
