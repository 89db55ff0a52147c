import { defineConfig } from '@playwright/test'
import { chromiumLaunchOptions } from './e2e/support/chromium.ts'

/** Of what failed. The page before and after each act is kept in its own form, which can be looked into; a film costs more. */
const trace = { mode: 'retain-on-failure', screenshots: false, snapshots: true } as const

/** End-to-end tests: the pages in a real Chromium, and the shell in a real Electron, each against a real engine. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/support/build.ts',
  // Each test trains or shows models on a machine that may have two cores.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  use: { viewport: { width: 1360, height: 860 }, trace },
  projects: [
    {
      name: 'chromium',
      testDir: 'e2e/browser',
      use: { browserName: 'chromium', launchOptions: await chromiumLaunchOptions() },
    },
    { name: 'electron', testDir: 'e2e/electron' },
    { name: 'package', testDir: 'e2e/package' },
  ],
})
