/**
 * Largest contentful paint of the app's first page in a fresh browser context, engine up, against a page with one heading
 * from a bare server, opened by the same browser.
 */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Browser } from '@playwright/test'
import { appRoot, TestEngine } from '../e2e/support/engine.ts'
import { seed } from '../e2e/support/seed.ts'
import { buildIfStale, pagesAndShell } from '../scripts/start/build.ts'
import { withBrowser, withPage } from './browser.ts'
import { median, report } from './result.ts'

const rounds = 9
const settleMs = 1_500
const maxMs = 1_000

/** The last candidate that the browser reports for the largest paint, in ms since the navigation began. */
const largestPaint = `new Promise((resolve) => {
  let last = Number.NaN
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) last = entry.startTime })
    .observe({ type: 'largest-contentful-paint', buffered: true })
  setTimeout(() => resolve(last), ${settleMs})
})`

function measure(browser: Browser, url: string): Promise<number> {
  return withPage(browser, async (page) => {
    await page.goto(url)
    await page.getByRole('heading', { level: 1 }).waitFor()
    return Number(await page.evaluate(largestPaint))
  })
}

async function withBarePage<Value>(work: (url: string) => Promise<Value>): Promise<Value> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>bare</title><h1>One heading</h1>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  try {
    return await work(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function main(): Promise<void> {
  await buildIfStale(appRoot, pagesAndShell)
  const engine = await TestEngine.start()
  try {
    await seed(engine)
    const { app, bare } = await withBrowser((browser) =>
      withBarePage(async (bareUrl) => {
        const times = { app: [] as number[], bare: [] as number[] }
        for (let round = -1; round < rounds; round++) {
          const bareMs = await measure(browser, bareUrl)
          const appMs = await measure(browser, engine.uiUrl)
          if (round < 0) continue
          times.bare.push(bareMs)
          times.app.push(appMs)
        }
        return { app: median(times.app), bare: median(times.bare) }
      }),
    )
    report([
      {
        name: 'ui-first-paint',
        value: Math.round(app),
        unit: 'ms',
        reference: `a page with one heading: ${Math.round(bare)} ms`,
        ratio: app / bare,
        bar: `median ≤ ${maxMs} ms`,
        holds: app <= maxMs,
      },
    ])
  } finally {
    await engine.remove()
  }
}

await main()
