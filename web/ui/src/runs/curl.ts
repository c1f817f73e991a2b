/** What a stored request says: "POST https://…", headers, an empty line, the body. */
export interface StoredRequest {
  method: string;
  url: string;
  headers: [string, string][];
  body: string;
}

/** Reads a stored HTTP request; undefined for another kind, such as a mail. */
export function readRequest(text: string): StoredRequest | undefined {
  const [head = "", ...rest] = text.split("\n\n");
  const [first = "", ...lines] = head.split("\n");
  const start = /^([A-Z]{3,10}) (https?:\/\/\S+)/.exec(first);
  if (!start?.[1] || !start[2]) {
    return undefined;
  }
  const headers = lines.flatMap((line): [string, string][] => {
    const at = line.indexOf(":");
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : [];
  });
  return { method: start[1], url: start[2], headers, body: rest.join("\n\n") };
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const ownHeaders = ["user-agent", "content-length", "host", "x-cartwheel-depth"];

/** The request as a command line. Masked values become names in capitals, to be filled in by hand. */
export function toCurl(request: StoredRequest): string {
  const parts = [`curl -X ${request.method} ${quoted(request.url.replaceAll("***", "SECRET"))}`];
  for (const [name, value] of request.headers) {
    if (!ownHeaders.includes(name.toLowerCase())) {
      const shown = value.includes("***")
        ? value.replaceAll("***", name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_"))
        : value;
      parts.push(`-H ${quoted(`${name}: ${shown}`)}`);
    }
  }
  if (request.body) {
    parts.push(`--data-raw ${quoted(request.body.replaceAll("***", "SECRET"))}`);
  }
  return parts.join(" \\\n  ");
}
