import type { components } from "./schema";

export type FieldError = components["schemas"]["Error"]["errors"] extends (infer E)[] | null | undefined ? E : never;

/** An answer of the API that is no success: RFC 9457, with what is wrong and where. */
export class Problem extends Error {
  readonly status: number;
  readonly errors: FieldError[];
  /** names the request in the server's log */
  readonly requestId: string;
  /** seconds after which to try again; 0: nothing said */
  readonly retryAfter: number;

  constructor(status: number, message: string, errors: FieldError[] = [], requestId = "", retryAfter = 0) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.errors = errors;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** The errors of one field, by the end of their location: "config.url" fits "body.steps[0].config.url". */
  at(location: string): FieldError[] {
    return this.errors.filter((e) => e.location === location || e.location?.endsWith(`.${location}`));
  }
}

/** The server was not reached: nobody answered. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

/** Reads the problem out of an answer; anything else becomes one with the status alone. */
export function problemOf(response: Response, body: unknown): Problem {
  const requestId = response.headers.get("X-Request-Id") ?? "";
  const retryAfter = Number(response.headers.get("Retry-After") ?? 0) || 0;
  if (body && typeof body === "object") {
    const p = body as { detail?: string; title?: string; errors?: FieldError[] | null };
    return new Problem(
      response.status,
      p.detail ?? p.title ?? response.statusText,
      p.errors ?? [],
      requestId,
      retryAfter,
    );
  }
  return new Problem(response.status, response.statusText || String(response.status), [], requestId, retryAfter);
}
