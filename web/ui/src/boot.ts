/** What the server writes into the page, as data: it is no script. */
export interface Boot {
  version: string;
  /** of the Content Security Policy of this page, for styles made at run time */
  nonce: string;
  demo: boolean;
  /** pages beside the app, such as the demo's mailbox */
  links: { path: string; title: string; summary: string }[];
}

function read(): Boot {
  const text = document.getElementById("boot")?.textContent;
  const given = text ? (JSON.parse(text) as Partial<Boot>) : {};
  return { version: "", nonce: "", demo: false, ...given, links: given.links ?? [] };
}

export const boot = read();

/** The path that the app lives under, without a slash at its end: "" or "/cartwheel". */
export const basePath = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, "");
