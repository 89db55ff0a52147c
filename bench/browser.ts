/** A real Chromium for the benchmarks of the UI. */
import { type Browser, chromium, type Page } from '@playwright/test'
import { chromiumLaunchOptions } from '../e2e/support/chromium.ts'

export const viewport = { width: 1360, height: 860 }

export async function withBrowser<Value>(work: (browser: Browser) => Promise<Value>): Promise<Value> {
  const browser = await chromium.launch(await chromiumLaunchOptions())
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}

/** In a context of its own: nothing is cached from the page before. */
export async function withPage<Value>(browser: Browser, work: (page: Page) => Promise<Value>): Promise<Value> {
  const context = await browser.newContext({ viewport })
  try {
    return await work(await context.newPage())
  } finally {
    await context.close()
  }
}
