/**
 * The runs table with 10,000 runs in the store: the time from the click on "Runs" to its first rows, in a page that has not
 * loaded the table's code yet, against the bare request for as many rows.
 */
import type { Browser } from '@playwright/test'
import type { TestEngine } from '../e2e/support/engine.ts'
import { withPage } from './browser.ts'
import { openOverview, runCount, withManyRuns } from './many-runs-engine.ts'
import { median, report } from './result.ts'

const rounds = 7
const maxFirstRowsMs = 300
const pageSize = 100

/** From the click to the frame after the rows are there. */
const firstRows = `new Promise((resolve) => {
  const link = document.querySelector('nav a[href="/runs"]')
  const began = performance.now()
  link.click()
  const look = () => {
    const there = document.querySelector('main table[aria-rowcount] tbody a[href^="/runs/"]')
    if (there && location.pathname === '/runs') requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)))
    else requestAnimationFrame(look)
  }
  look()
})`

const bareRequest = `(async () => {
  const began = performance.now()
  const answer = await fetch('/api/v1/runs?limit=${pageSize}', { headers: { authorization: 'Bearer ' + TOKEN } })
  await answer.json()
  return performance.now() - began
})()`

async function measureFirstRows(browser: Browser, engine: TestEngine) {
  const tableMs: number[] = []
  const requestMs: number[] = []
  for (let round = -1; round < rounds; round++) {
    await withPage(browser, async (page) => {
      await openOverview(page, engine)
      const request = Number(await page.evaluate(bareRequest.replace('TOKEN', JSON.stringify(engine.token))))
      const table = Number(await page.evaluate(firstRows))
      if (round < 0) return
      requestMs.push(request)
      tableMs.push(table)
    })
  }
  return { tableMs: median(tableMs), requestMs: median(requestMs) }
}

const { tableMs, requestMs } = await withManyRuns(measureFirstRows)
report([
  {
    name: 'ui-runs-table',
    value: Math.round(tableMs),
    unit: 'ms',
    reference: `the request for ${pageSize} of ${runCount} runs alone: ${Math.round(requestMs)} ms`,
    ratio: tableMs / requestMs,
    bar: `median ≤ ${maxFirstRowsMs} ms`,
    holds: tableMs <= maxFirstRowsMs,
  },
])
