import type { Page } from "@playwright/test";

/** What a page must not do: errors in its console, where violations of its policy stand too, and requests to other origins. */
export class Watch {
  private readonly seen: string[] = [];
  // What Playwright itself would run in the frame of a mail; the frame's sandbox forbids all scripts.
  private readonly allowed: RegExp[] = [/Blocked script execution in '[^']*\/preview\//];

  /** Lets pass what a test causes on purpose, such as the console's word on a 401. */
  allow(...patterns: RegExp[]) {
    this.allowed.push(...patterns);
  }

  /** What was seen and not allowed. */
  get complaints(): string[] {
    return this.seen.filter((line) => !this.allowed.some((pattern) => pattern.test(line)));
  }

  /** Watches a page from before its first request. */
  on(page: Page) {
    page.on("console", (message) => {
      if (message.type() === "error") {
        this.seen.push(`console on ${page.url()}: ${message.text()} ${message.location().url}`);
      }
    });
    page.on("pageerror", (error) => this.seen.push(`error on ${page.url()}: ${error.stack ?? error.message}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.hostname !== "127.0.0.1") {
        this.seen.push(`request off the origin: ${request.url()}`);
      }
    });
  }
}
