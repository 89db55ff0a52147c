/** A gate that asks: its verdict with all four questions, the answer in place, and the ledger with its evidence. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { appRoot, type TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { runToEnd } from '../support/seed.ts'

test.setTimeout(300_000)

const pipeline = (seed: number, blessed: string) => `name: train
seed: ${seed}
steps:
  extract: { uses: data/extract, with: { dataset: flights, limit: 12000 } }
  split: { uses: data/split, in: { data: extract }, with: { by: random } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  train: { uses: model/train, in: { data: prepare }, with: { trainer: linear, epochs: 3 } }
  evaluate: { uses: model/evaluate, in: { model: train, data: prepare }, with: { slices: [origin] } }
  gate:
    uses: model/gate
    in: { evaluation: evaluate, model: train }
    with:
      thresholds: { auc: 0.5 }
      against: flights@champion
      minImprovement: -0.2
      baseline: dummy
      rule: hour(date) >= 15
      require: point
      slices: { column: origin, worst: 0.3, maxDeviation: 0.3, minRows: 40 }
      deployment: { endpoint: flights, rows: 20 }
      blessed: ${blessed}
  register: { uses: model/register, in: { model: train, verdict: gate }, with: { model: flights } }
  deploy: { uses: model/deploy, in: { version: register }, with: { endpoint: flights } }
`

/** Version 1 answers; version 2 waits for a person. */
async function askForApproval(engine: TestEngine): Promise<void> {
  const { client } = engine
  const path = join(engine.home, 'flights')
  await mkdir(join(path, 'pipelines'), { recursive: true })
  const data = 'flights-2001-01.parquet'
  await copyFile(join(appRoot, 'resources/samples/flight-delay/data', data), join(path, data))
  await writeFile(
    join(path, 'esteira.yaml'),
    `name: flights\ndatasets:\n  flights: { path: ${data}, query: "select * exclude (delay), delay >= 15 as late from source" }\n`,
  )
  await writeFile(join(path, 'pipelines/train.yaml'), pipeline(1, 'promote'))
  const project = await client.call('addProject', { body: { path, trust: true } })
  expect(await runToEnd(engine, project.id, 'train')).toMatchObject({ status: 'succeeded' })
  await writeFile(join(path, 'pipelines/train.yaml'), pipeline(2, 'ask'))
  expect(await runToEnd(engine, project.id, 'train')).toMatchObject({ status: 'succeeded' })
}

const verdictShown = async (page: Page) => {
  await expect(page.locator('figure canvas').first()).toBeVisible()
  await page
    .getByRole('heading', { name: /^(Better than what there is|Melhor do que o que existe)/ })
    .scrollIntoViewIfNeeded()
}
const servingShown = async (page: Page) => {
  await verdictShown(page)
  await page.getByRole('heading', { name: /^(Able to serve|Pronto para servir)/ }).scrollIntoViewIfNeeded()
}

const ledgerShown = (page: Page) =>
  page.getByRole('heading', { name: /^(Alias history|Histórico de aliases)/ }).scrollIntoViewIfNeeded()

test('L1.5, L1.8: a person sees why, approves in place, takes it back, and the ledger names the evidence', async ({
  browser,
  page,
  engine,
}) => {
  await askForApproval(engine)
  const version = '/models/flights/2'
  await page.goto(engine.uiUrl)
  await page.getByRole('link', { name: 'flights 2 waits for your approval' }).click()
  await expect(page).toHaveURL(new RegExp(`${version}$`))

  for (const question of ['Good enough', 'Better than what there is', 'As good in every slice', 'Able to serve']) {
    const region = page.getByRole('region', { name: question, exact: true })
    await expect(region.getByRole('heading', { name: question })).toContainText('Passed')
  }
  const forest = page.getByRole('img', { name: /^Improvement of auc over each other answer/ })
  await expect(forest.locator('canvas')).toBeVisible()
  const comparisons = page.getByRole('region', { name: 'Better than what there is' })
  await comparisons.locator('summary').click()
  await expect(comparisons.getByRole('cell', { name: 'rule: hour(date) >= 15' })).toBeVisible()
  await expect(comparisons.getByRole('cell', { name: 'best constant answer', exact: true })).toBeVisible()
  const slices = page.getByRole('table', { name: 'Slices by origin' })
  await expect(slices.locator('tr[data-selected]')).toContainText('worst')
  await expect(page.getByText('flights version 1 at flights')).toBeVisible()

  await lookAt(browser, engine.uiUrl, { name: 'overview-approval', path: '/' })
  await lookAt(browser, engine.uiUrl, { name: 'gate-approval', path: version })
  await lookAt(browser, engine.uiUrl, { name: 'gate-verdict', path: version, prepare: verdictShown })
  await lookAt(browser, engine.uiUrl, { name: 'gate-serving', path: version, prepare: servingShown })

  const approval = page.getByRole('region', { name: 'This version waits for a decision' })
  await expect(approval).toContainText(
    'Approving moves champion from version 1 to version 2 and deploys it at flights. Rejecting moves nothing.',
  )
  await approval.getByLabel('Reason').fill('Not yet.')
  await approval.getByRole('button', { name: 'Reject' }).click()
  await expect(page.getByText('Rejected by a person')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(approval).toContainText('Waits for a person')
  await approval.getByLabel('Reason').fill('Looked at by two people.')
  await approval.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByText('Version 2 was approved and promoted.')).toBeVisible()
  const { client } = engine
  expect((await client.call('getModel', { params: { name: 'flights' } })).aliases).toMatchObject({ champion: 2 })
  expect((await client.call('getEndpoint', { params: { name: 'flights' } })).revision).toMatchObject({ version: 2 })

  await page.goto(`${engine.controlUrl}/models/flights`)
  const ledger = page.getByRole('table', { name: 'Alias history' })
  const move = ledger.getByRole('row').filter({ hasText: 'Looked at by two people.' })
  await expect(move.getByRole('link', { name: /^verdict of the run/ })).toBeVisible()
  await expect(move.getByRole('link', { name: /^approval/ })).toHaveAttribute('href', /\/models\/flights\/2$/)
  await lookAt(browser, engine.uiUrl, { name: 'gate-ledger', path: '/models/flights', prepare: ledgerShown })
  await move.getByRole('link', { name: /^verdict of the run/ }).click()
  await expect(page).toHaveURL(/\/runs\/\w+\?step=register$/)
  await expect(
    page
      .getByText('Waits for', { exact: false })
      .or(page.getByText('A person is asked.', { exact: false }))
      .first(),
  ).toBeVisible()
})

test('an approval is taken back: alias and endpoint return', async ({ page, engine }) => {
  await askForApproval(engine)
  await page.goto(engine.uiUrl.replace('/#', '/models/flights/2#'))
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  const { client } = engine
  await expect
    .poll(async () => (await client.call('getEndpoint', { params: { name: 'flights' } })).revision?.version)
    .toBe(1)
  expect((await client.call('getModel', { params: { name: 'flights' } })).aliases).toMatchObject({ champion: 1 })
  await expect(page.getByText('Approved', { exact: true })).toBeVisible()
})
