/** The most mails that a limit can allow. */
export const mostMails = 1_000_000;

/**
 * Reads a number of mails as people write it: 1000, 1,000 or 1 000. Nothing means the default, for which the API takes 0;
 * undefined: it is no number that a limit can be.
 */
export function parseLimit(text: string): number | undefined {
  const plain = text.trim();
  if (plain === "") {
    return 0;
  }
  if (!/^\d+$|^\d{1,3}([,. \u00a0\u202f]\d{3})+$/.test(plain)) {
    return undefined;
  }
  const n = Number(plain.replace(/\D/g, ""));
  return n >= 1 && n <= mostMails ? n : undefined;
}
