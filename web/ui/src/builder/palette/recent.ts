const key = "cartwheel.palette.recent";
const most = 4;

/** The types of step that were added last in this browser, newest first. */
export function recentTypes(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((t): t is string => typeof t === "string").slice(0, most) : [];
  } catch {
    return []; // somebody else's text under our key
  }
}

/** Notes that a type was added. */
export function noteRecent(type: string) {
  localStorage.setItem(key, JSON.stringify([type, ...recentTypes().filter((t) => t !== type)].slice(0, most)));
}
