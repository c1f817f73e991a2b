const key = "cartwheel.steps";

/** Where copied steps are kept: the system's clipboard, and this tab for where that cannot be read. */
export interface Clipboard {
  write(text: string): Promise<void>;
  read(): Promise<string>;
}

/**
 * The clipboard of the browser. It is refused on a page without https and to who says no: then what was copied in this tab
 * serves, in other workflows too.
 */
export const clipboard: Clipboard = {
  async write(text) {
    sessionStorage.setItem(key, text);
    await navigator.clipboard?.writeText(text).catch(() => {});
  },
  async read() {
    const system = await navigator.clipboard?.readText().catch(() => "");
    return system || (sessionStorage.getItem(key) ?? "");
  },
};
