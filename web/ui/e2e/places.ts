/** Where the demo that the tests drive listens. */
export const port = Number(process.env.CARTWHEEL_E2E_PORT ?? 14173);
export const origin = `http://127.0.0.1:${port}`;

/** The program under test. */
export const program = process.env.CARTWHEEL_BIN ?? "../../bin/cartwheel";

/** Signs in to the demo: the key of its link, and the password of its owner. */
export const key = "a-key-for-the-browser-tests";
export const owner = "demo@example.com";

/** What the other people of these tests sign in with. */
export const password = "four words make one";

export const roles = ["viewer", "editor", "integration_manager", "admin"] as const;
export type Role = (typeof roles)[number];
