/** An engine whose store holds 10,000 ended runs, and its pages open in a real Chromium. */
import type { Browser, Page } from '@playwright/test'
import { appRoot, TestEngine } from '../e2e/support/engine.ts'
import { insertManyRuns } from '../e2e/support/many-runs.ts'
import { buildIfStale, pagesAndShell } from '../scripts/start/build.ts'
import { withBrowser } from './browser.ts'

export const runCount = 10_000

export async function withManyRuns<Value>(
  work: (browser: Browser, engine: TestEngine) => Promise<Value>,
): Promise<Value> {
  await buildIfStale(appRoot, pagesAndShell)
  const engine = await TestEngine.start()
  try {
    await engine.kill()
    insertManyRuns(engine.home, runCount)
    await engine.startAgain()
    return await withBrowser((browser) => work(browser, engine))
  } finally {
    await engine.remove()
  }
}

/** The overview, once it has come to rest. */
export async function openOverview(page: Page, engine: TestEngine): Promise<void> {
  await page.goto(engine.uiUrl)
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  await page.waitForTimeout(1_000)
}
