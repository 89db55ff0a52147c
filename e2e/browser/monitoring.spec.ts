/** The Monitoring side of an endpoint, on predictions that were really asked for. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { addSample, testRows } from '../support/seed.ts'

test.setTimeout(240_000)

const path = '/endpoints/flight-delay?tab=monitoring'
const open = (page: Page, engine: TestEngine) => page.goto(engine.uiUrl.replace('/#', `${path}#`))

/** Rows that the model was tested on, half of them moved far out: the inputs drift. */
async function askForPredictions(engine: TestEngine, count: number): Promise<void> {
  const tested = await testRows(engine, 'flight-delay', 1, count)
  const rows = tested.map((row, index) => (index % 2 === 0 ? row : { ...row, distance: 4_000 }))
  for (let from = 0; from < rows.length; from += 50) {
    await engine.client.call('predict', {
      params: { name: 'flight-delay' },
      body: { rows: rows.slice(from, from + 50) },
    })
  }
}

test('drift of what was asked is found, shown input by input, with both distributions', async ({
  browser,
  page,
  seeded,
}) => {
  const { engine } = seeded
  await askForPredictions(engine, 400)
  await open(page, engine)
  const checks = page.getByRole('table', { name: 'Checks' })
  const drift = checks.getByRole('row', { name: /^drift / })
  // What was logged is read once it is written, a moment later.
  await expect(async () => {
    await page.getByRole('button', { name: 'Look now' }).click()
    await expect(drift).not.toContainText('Too few data', { timeout: 10_000 })
  }).toPass({ timeout: 90_000 })

  await checks.getByRole('button', { name: 'drift', exact: true }).click()
  await expect(page).toHaveURL(/check=drift/)
  await expect(page.getByRole('img', { name: /^drift over time/ })).toBeVisible()
  await page.getByRole('button', { name: 'What distance rests on' }).click()
  const evidence = page.getByRole('dialog', { name: 'distance in drift' })
  await expect(evidence.getByRole('img', { name: 'Shares of rows of distance, now and before' })).toBeVisible()
  await page.keyboard.press('Escape')

  await lookAt(browser, engine.uiUrl, { name: 'monitoring', path: `${path}&check=drift` })
  await lookAt(browser, engine.uiUrl, {
    name: 'monitoring-parts',
    path: `${path}&check=drift`,
    prepare: async (shown) => {
      // The parts, below the table and the chart.
      await shown.getByRole('button', { name: /distance/ }).scrollIntoViewIfNeeded()
    },
  })
  await lookAt(browser, engine.uiUrl, {
    name: 'monitoring-evidence',
    path: `${path}&check=drift`,
    prepare: async (shown) => {
      await shown.getByRole('button', { name: /distance/ }).click()
      await expect(shown.getByRole('dialog').getByRole('img', { name: /distance/ })).toBeVisible()
    },
  })
})

test('a file with a mistake is named with its place, and an endpoint without a monitor is told how to have one', async ({
  page,
  engine,
}) => {
  const sample = await addSample(engine)
  const { id } = await engine.client.call('startRun', { body: { projectId: sample.id, pipeline: 'train' } })
  await expect
    .poll(async () => (await engine.client.call('getRun', { params: { id } })).status, { timeout: 120_000 })
    .toBe('succeeded')
  await writeFile(
    join(sample.path, 'monitors', 'flight-delay.yaml'),
    'name: flight-delay\nendpoint: flight-delay\nchecks:\n  errors: { kind: erors }\n',
  )
  await open(page, engine)
  await expect(page.getByText('monitors/flight-delay.yaml:4')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'No monitor watches this endpoint' })).toBeVisible()
})
