/** A back-test of trigger policies, from the form to the evidence of a single decision. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeBacktestProject, quickPipeline } from '../../src/main/engine/testing/backtest-project.ts'
import type { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'

test.setTimeout(240_000)

const timeout = 120_000

async function addProject(engine: TestEngine, pipeline = quickPipeline): Promise<string> {
  const path = join(engine.home, 'history')
  makeBacktestProject(path, { pipeline })
  return (await engine.client.call('addProject', { body: { path, trust: true } })).id
}

test('policies are compared over real history, and replayed when a threshold moves', async ({
  browser,
  page,
  engine,
}) => {
  await addProject(engine)
  await page.goto(engine.uiUrl.replace('/#', '/triggers/backtest#'))
  await expect(page.getByText('None yet. Start one above')).toBeVisible()
  await expect(page.getByLabel('First day')).toHaveValue('2001-01-01')
  await expect(page.getByLabel('Until before')).toHaveValue('2001-05-01')
  await page.getByRole('button', { name: 'Start', exact: true }).click()

  await expect(page.getByRole('heading', { level: 1, name: /Back-test of train/ })).toBeVisible()
  const totals = page.getByRole('table', { name: 'Policies compared' })
  await expect(totals).toBeVisible({ timeout })
  await expect(page.locator('figure canvas').first()).toBeVisible()
  const row = (name: string) => totals.getByRole('row').filter({ has: page.getByRole('cell', { name, exact: true }) })
  await expect(row('never')).toContainText('0 (0 took over)')
  await expect(row('every span')).toContainText(/2 \(\d took over\)/)

  await test.step('a threshold moves: the replay follows, nothing runs', async () => {
    const runsBefore = (await engine.client.call('listRuns', {})).total
    await page.getByLabel('on performance: auc worse than').fill('0.99')
    await expect(row('on performance')).toContainText(/2 \(\d took over\)/)
    await page.getByLabel('on performance: auc worse than').fill('0.01')
    await expect(row('on performance')).toContainText('0 (0 took over)')
    expect((await engine.client.call('listRuns', {})).total).toBe(runsBefore)
    await page.getByLabel('on performance: Most retrainings').fill('1')
    await page.getByLabel('on performance: auc worse than').fill('0.99')
    await expect(row('on performance')).toContainText(/1 \(\d took over\)/)
  })

  await test.step('a figure opens its evidence, which has an address', async () => {
    const grid = page.getByRole('table', { name: 'auc by policy and scored span' })
    await grid.getByRole('button', { name: /^on performance, 2001-04/ }).click()
    const evidence = page.getByRole('region', { name: 'on performance at the end of 2001-03' })
    await expect(evidence).toContainText('due, but the budget is spent')
    await expect(evidence).toContainText('auc < 0.99')
    await expect(page).toHaveURL(/cell=3-2/)
  })

  await test.step('policies are saved and exported', async () => {
    await page.getByRole('button', { name: 'Save the policies' }).click()
    await expect(page.getByText('The policies were saved.')).toBeVisible()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ])
    const csv = await readFile(await download.path(), 'utf8')
    expect(csv.split('\n')[0]).toContain('policy,rule,span_ended,decision,why')
    expect(csv).toContain('on performance,auc < 0.99; budget 1 runs,2001-03,budget')
    await page.reload()
    await expect(row('on performance')).toContainText(/1 \(\d took over\)/)
  })

  const address = new URL(page.url())
  await lookAt(browser, engine.uiUrl, {
    name: 'backtest',
    path: address.pathname + address.search,
    prepare: (shown) => expect(shown.locator('figure canvas').first()).toBeVisible(),
  })
  await lookAt(browser, engine.uiUrl, {
    name: 'backtest-evidence',
    path: address.pathname + address.search,
    prepare: (shown) => shown.getByRole('table', { name: /por política|by policy/ }).scrollIntoViewIfNeeded(),
  })
  await lookAt(browser, engine.uiUrl, { name: 'backtests', path: '/triggers/backtest' })
})

test('a back-test under way is followed and cancelled; its run says what it belongs to', async ({ page, engine }) => {
  const slow = quickPipeline.replace('epochs: 4', 'epochs: 3000, patience: 3000')
  const projectId = await addProject(engine, slow)
  const { id, run } = await engine.client.call('startBacktest', { body: { projectId, pipeline: 'train' } })
  await page.goto(engine.uiUrl.replace('/#', `/triggers/backtest/${id}#`))
  await expect(page.getByRole('progressbar')).toBeVisible()
  await expect(page.getByText(/\d+ of \d+ steps/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByText('Cancelled').first()).toBeVisible({ timeout })
  await page.getByRole('link', { name: 'The run that computed it' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /train \(back-test\)/ })).toBeVisible()
  await page.getByRole('link', { name: 'train (back-test)', exact: true }).click()
  await expect(page).toHaveURL(/\/pipelines\/[^/]+\/train/)
  expect(run?.stepsTotal).toBeGreaterThan(20)
})

test('a home without projects says what a back-test needs', async ({ page, engine }) => {
  await page.goto(engine.uiUrl.replace('/#', '/triggers/backtest#'))
  await expect(page.getByText('No pipeline yet')).toBeVisible()
})
