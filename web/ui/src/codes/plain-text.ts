const blocks = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "UL", "OL", "TABLE", "TR", "BLOCKQUOTE", "SECTION"]);

/** The words of a message in HTML, for readers without HTML. The parser runs no script and loads nothing. */
export function plainText(html: string): string {
  // styles say no words, and the page's policy complains about each
  const bare = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, "");
  const doc = new DOMParser().parseFromString(bare, "text/html");
  return wordsOf(doc.body)
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function wordsOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) {
    return (node.textContent ?? "").replace(/\s+/g, " ");
  }
  if (!(node instanceof Element) || node.matches("style, script, head, title")) {
    return "";
  }
  const inner = [...node.childNodes].map(wordsOf).join("");
  if (node.tagName === "BR") {
    return "\n";
  }
  if (node.tagName === "LI") {
    return `\n- ${inner.trim()}`;
  }
  const link = node.tagName === "A" ? node.getAttribute("href") : null;
  const words = link && link !== inner.trim() ? `${inner} (${link})` : inner;
  return blocks.has(node.tagName) ? `\n\n${words}\n\n` : words;
}
