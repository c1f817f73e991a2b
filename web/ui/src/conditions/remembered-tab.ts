const key = "cartwheel.condition-tab";

/** The tab that the person used last: those who write Expr are not sent to the rows each time. */
export function rememberedTab(): string {
  try {
    return localStorage.getItem(key) === "text" ? "text" : "visual";
  } catch {
    return "visual";
  }
}

/** Keeps the chosen tab for the next condition. */
export function rememberTab(tab: string): void {
  try {
    localStorage.setItem(key, tab);
  } catch {
    // without storage the next condition starts with the rows
  }
}
