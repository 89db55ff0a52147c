/** The Monitoring side of an endpoint, on predictions that were really asked for. */
import { mkdir, writeFile } from 'node:fs/promises'
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

test('T4, T5: a trigger that goes by a monitor tells what was read, and leads to it', async ({
  browser,
  page,
  seeded,
}) => {
  const { engine } = seeded
  const { client } = engine
  await askForPredictions(engine, 200)
  const folder = join(engine.home, 'watching')
  await mkdir(join(folder, 'monitors'), { recursive: true })
  await mkdir(join(folder, 'pipelines'))
  await writeFile(join(folder, 'esteira.yaml'), 'name: watching\ndatasets:\n  readings: { path: data/*.csv }\n')
  await writeFile(
    join(folder, 'monitors', 'inputs.yaml'),
    'name: inputs\nendpoint: flight-delay\nwindow: 1h\nevery: 365d\nminRows: 50\nchecks:\n  drift: { kind: drift }\n',
  )
  await writeFile(
    join(folder, 'pipelines', 'train.yaml'),
    `name: train
steps:
  extract: { uses: data/extract, with: { dataset: readings } }
triggers:
  - any:
      - drift: { monitor: inputs, check: drift, above: 0.01 }
      - performance: { monitor: inputs, check: auc, below: 0.6 }
`,
  )
  const { id } = await client.call('addProject', { body: { path: folder } })
  try {
    // The planned look, at a time long before the predictions, comes first.
    const lookedAt = async () => (await client.call('listMonitors', { query: { project: id } })).monitors[0]?.lastLookAt
    await expect.poll(lookedAt, { timeout: 90_000 }).toEqual(expect.any(Number))
    await expect
      .poll(async () => (await client.call('lookAtMonitor', { params: { id, name: 'inputs' } }))[0]?.value, {
        timeout: 90_000,
      })
      .toBeGreaterThan(0.01)
    const { triggers } = await client.call('listTriggers')
    const trigger = triggers.find(({ projectId }) => projectId === id)
    const look = `/triggers/${trigger?.id}`
    await page.goto(engine.uiUrl.replace('/#', `${look}#`))
    await expect(page.getByText('Drift in production, as inputs reads it in check drift: above 0.01')).toBeVisible()
    await page.getByRole('button', { name: 'Check' }).click()
    await expect(
      page.getByText(/^Drift [\d.]+ in check drift of inputs, version 1, \d+ rows; the limit is 0.01/),
    ).toBeVisible()
    await lookAt(browser, engine.uiUrl, { name: 'trigger-by-monitor', path: look })
    await page.getByRole('link', { name: 'Readings' }).first().click()
    await expect(page).toHaveURL(/endpoints\/flight-delay.*tab=monitoring.*check=drift/)
  } finally {
    await client.call('removeProject', { params: { id } })
  }
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
