const key = "cartwheel.codes.recent";
const most = 5;

/** The codes that were inserted last in this browser. */
export function recentCodes(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((c) => typeof c === "string") : [];
  } catch {
    return []; // whatever stands there is not ours
  }
}

export function rememberCode(code: string) {
  try {
    localStorage.setItem(key, JSON.stringify([code, ...recentCodes().filter((c) => c !== code)].slice(0, most)));
  } catch {
    // no room, or not allowed: then nothing is remembered
  }
}
