/** Drift as a person meets it: in the step that measured it, and of a dataset over time. */
import type { Page } from '@playwright/test'
import type { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'

test.setTimeout(240_000)

const open = (page: Page, engine: TestEngine, path: string) => page.goto(engine.uiUrl.replace('/#', `${path}#`))

test('the step that compares shows its verdict, what each column weighs, and both distributions', async ({
  browser,
  page,
  seeded,
}) => {
  const { engine, projectId } = seeded
  const parameters = { from: '2001-04-01', to: '2001-05-01' }
  const { id } = await engine.client.call('startRun', { body: { projectId, pipeline: 'watch', parameters } })
  const status = async () => (await engine.client.call('getRun', { params: { id } })).status
  await expect.poll(status, { timeout: 120_000 }).toBe('succeeded')
  const path = `/runs/${id}?step=drift&part=outputs`
  await open(page, engine, path)
  await expect(page.getByText('compared with training data of flight-delay 1')).toBeVisible()
  const columns = page.getByRole('table', { name: 'Drift by column' })
  await expect(columns.getByRole('row')).toHaveCount(6)
  await expect(columns.getByRole('row', { name: /^origin_late_share \d+% Within the limit/ })).toBeVisible()
  await expect(columns.getByRole('row', { name: /^late \(target\) –/ })).toBeVisible()

  const distance = page.getByRole('article', { name: 'distance' })
  await expect(distance).toContainText('Jensen–Shannon divergence')
  const picture = distance.getByRole('img', { name: 'Shares of rows of distance, now and before' })
  await expect(picture).toContainText('% of rows')
  await expect(picture.locator('rect[data-side="current"]')).toHaveCount(20)
  await distance.getByText('Numbers of distance').click()
  const measures = distance.getByRole('table', { name: 'Measures of distance' })
  await expect(measures.getByRole('row', { name: /^Kolmogorov–Smirnov p-value/ })).toContainText('below')
  await expect(distance.getByRole('table', { name: /^Shares/ }).getByRole('row')).toHaveCount(21)
  const late = page.getByRole('article', { name: 'late', exact: true })
  await expect(late.getByRole('listitem')).toHaveCount(2)

  await lookAt(browser, engine.uiUrl, {
    name: 'drift-step',
    path,
    prepare: (shown) => expect(shown.getByRole('article').first()).toBeVisible(),
  })
  await lookAt(browser, engine.uiUrl, {
    name: 'drift-step-columns',
    path,
    prepare: (shown) => shown.getByRole('article', { name: 'origin', exact: true }).scrollIntoViewIfNeeded(),
  })
})

test('a dataset is followed over time, and one stretch is looked at, in an address to be shared', async ({
  browser,
  page,
  seeded,
}) => {
  const { engine, projectId } = seeded
  await open(page, engine, `/data/${projectId}/flights`)
  await page.getByRole('tab', { name: 'Drift' }).click()
  const history = page.getByRole('region', { name: 'Over time' })
  await expect(history.getByRole('img')).toHaveCount(5)
  await expect(history.getByRole('img', { name: /^Weighted drift by week, from 2001-01-01/ })).toBeVisible()
  await expect(history.getByRole('img', { name: /^L-infinity distance of late by week/ })).toBeVisible()

  await page.getByText('Month', { exact: true }).click()
  await expect(page).toHaveURL(/by=month/)
  await history.getByText('Numbers of this chart').click()
  const numbers = history.getByRole('table', { name: 'Over time' })
  await expect(numbers.getByRole('row')).toHaveCount(7)
  await numbers.getByRole('button', { name: 'Look at 2001-03-01 to 2001-04-01' }).click()
  await expect(page).toHaveURL(/from=2001-03-01&to=2001-04-01/)
  const report = page.getByRole('region', { name: 'From 2001-03-01 to 2001-04-01' })
  await expect(report.getByRole('article')).toHaveCount(4)

  await page.getByRole('combobox', { name: 'Compare with' }).click()
  await page.getByRole('option', { name: 'flight-delay@champion' }).click()
  await expect(page).toHaveURL(/against=flight-delay/)
  await expect(report).toContainText('of flight-delay 1')
  await expect(report).toContainText('origin_late_share')
  await page.reload()
  await expect(report.getByRole('article')).toHaveCount(4)

  const shown = (looked: Page) => expect(looked.getByRole('article').first()).toBeVisible()
  const path = `/data/${projectId}/flights?tab=drift`
  await lookAt(browser, engine.uiUrl, { name: 'drift-dataset', path, prepare: shown })
  await lookAt(browser, engine.uiUrl, { name: 'drift-dataset-narrow', path, width: 760, prepare: shown })
  await lookAt(browser, engine.uiUrl, {
    name: 'drift-dataset-stretch',
    path: `${path}&by=month&from=2001-03-01&to=2001-04-01&against=flight-delay@champion`,
    prepare: (looked) => looked.getByRole('article').last().scrollIntoViewIfNeeded(),
  })
})

test('a dataset without a column of time says how to name one', async ({ browser, seeded }) => {
  const { engine } = seeded
  const projects = await engine.client.call('listProjects')
  const id = projects.find(({ name }) => name === 'troubled')?.id ?? ''
  await lookAt(browser, engine.uiUrl, {
    name: 'drift-no-time',
    path: `/data/${id}/readings?tab=drift`,
    prepare: (page) => expect(page.getByText('readings: { path: readings.csv, time: date }')).toBeVisible(),
  })
})
