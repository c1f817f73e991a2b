import { defineConfig } from "@playwright/test";
import { key, origin, port, program } from "./e2e/places";

// The tests drive the built program with the UI that is embedded in it, never the Vite server.
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: Number(process.env.CARTWHEEL_E2E_WORKERS ?? 1),
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [["list"]],
  expect: { timeout: 10_000 },
  use: {
    baseURL: origin,
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    timezoneId: "UTC",
    colorScheme: "light",
    contextOptions: { reducedMotion: "reduce" },
    trace: process.env.CARTWHEEL_TRACE === undefined ? "off" : "retain-on-failure", // traces cost a third of the time
    actionTimeout: 10_000,
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none", "--disable-lcd-text"],
    },
  },
  projects: [
    { name: "ui", testIgnore: "pictures.spec.ts" },
    // Pictures are made on demand, "npx playwright test --project pictures" with CARTWHEEL_PICTURES set; nothing waits for them.
    ...(process.env.CARTWHEEL_PICTURES === undefined ? [] : [{ name: "pictures", testMatch: "pictures.spec.ts" }]),
  ],
  webServer: {
    command: `${program} demo --addr 127.0.0.1:${port} --key ${key} --every 24h`,
    url: `${origin}/readyz`,
    stdout: "ignore",
    gracefulShutdown: { signal: "SIGTERM", timeout: 5000 },
  },
});
