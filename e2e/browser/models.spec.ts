/** The registry, a version and versions side by side, as a person uses them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { appRoot } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { addSample, runToEnd } from '../support/seed.ts'

test.setTimeout(240_000)

const data = (file: string) => join(appRoot, 'node_modules/vega-datasets/data', file)
const charts = (page: Page) => expect(page.locator('figure canvas').first()).toBeVisible()

test('aliases move and are removed with a reason, and both can be undone', async ({ page, seeded }) => {
  await page.goto(seeded.engine.uiUrl.replace('/#', '/models#'))
  await page.getByRole('table', { name: 'Models' }).getByRole('link', { name: 'flight-delay', exact: true }).click()
  await page.getByRole('button', { name: 'Move alias' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Alias').fill('reviewed')
  await dialog.getByLabel('Reason').fill('Looked at by two people.')
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  const aliases = page.getByRole('table', { name: 'Aliases' })
  const history = page.getByRole('table', { name: 'Alias history' })
  await expect(aliases.getByRole('cell', { name: 'reviewed', exact: true })).toBeVisible()
  await expect(history.getByText('Looked at by two people.')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(aliases.getByRole('cell', { name: 'reviewed', exact: true })).toBeHidden()
  await expect(history.getByText('1 → removed')).toBeVisible()
  // Something must answer, so the champion cannot be removed.
  await expect(page.getByRole('button', { name: 'Remove champion' })).toBeHidden()
})

test('a description is edited in its place and stands in the model card, which is saved as Markdown', async ({
  page,
  seeded,
}) => {
  await page.goto(seeded.engine.uiUrl.replace('/#', '/models/flight-delay#'))
  await page.getByRole('button', { name: 'Edit description' }).click()
  await page.getByRole('textbox', { name: 'Description' }).fill('Which flights arrive late.')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Which flights arrive late.')).toBeVisible()
  await page.getByRole('link', { name: 'Version 1', exact: true }).first().click()
  const card = page.getByRole('region', { name: 'Model card' }).last()
  await expect(card).toContainText('Which flights arrive late.')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as .md' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('flight-delay-1.md')
  const markdown = await readFile(await download.path(), 'utf8')
  expect(markdown).toContain('# Model card: flight-delay, version 1')
  expect(markdown).toContain('| `flights` |')
})

test('a version tells what it scores and where it comes from', async ({ page, seeded }) => {
  await page.goto(seeded.engine.uiUrl.replace('/#', '/models/flight-delay/1#'))
  const confusion = page.getByRole('table', { name: 'Rows by actual and predicted class' })
  await expect(confusion.getByRole('rowheader')).toHaveText(['false', 'true'])
  for (const chart of [
    /^ROC:/,
    /^Precision and recall:/,
    /^Calibration:/,
    /is shuffled$/,
    /around the overall value$/,
  ]) {
    await expect(page.getByRole('img', { name: chart }).locator('canvas')).toBeVisible()
  }
  const slices = page.getByRole('table', { name: 'Slices', exact: true })
  await slices.getByRole('button', { name: 'auc' }).click()
  await expect(slices.getByRole('columnheader', { name: 'auc' })).toHaveAttribute('aria-sort', 'descending')
  const lineage = page.getByRole('region', { name: 'Lineage' })
  await expect(lineage.getByText("date >= '2001-01-01' and date < '2001-03-01'", { exact: true })).toBeVisible()
  await expect(lineage.getByText('data/prepare')).toBeVisible()
  await lineage.getByRole('link', { name: 'flight-delay' }).last().click()
  await expect(page.getByRole('heading', { level: 1, name: 'flight-delay' })).toBeVisible()
})

test.describe('several versions and tasks', () => {
  test('two versions side by side', async ({ browser, page, engine }) => {
    test.setTimeout(420_000)
    const { client } = engine
    const sample = await addSample(engine)
    await runToEnd(engine, sample.id, 'train')
    const body = { projectId: sample.id, pipeline: 'train', parameters: { to: '2001-02-01' } }
    const { id } = await client.call('startRun', { body })
    await expect
      .poll(async () => (await client.call('getRun', { params: { id } })).status, { timeout: 120_000 })
      .toBe('succeeded')
    await page.goto(engine.uiUrl.replace('/#', '/models/flight-delay#'))
    await page.getByLabel('Choose version 2 to compare').check()
    await page.getByLabel('Choose version 1 to compare').check()
    await page.getByRole('button', { name: 'Compare (2)' }).click()
    await expect(page).toHaveURL(/compare\?versions=1,2$/)
    const origin = page.getByRole('table', { name: 'Differences in where they come from' })
    await expect(origin.getByRole('row', { name: /params\.to/ })).toContainText('2001-02-01')
    await expect(page.getByRole('table', { name: 'Metrics' }).getByText('best').first()).toBeVisible()
    const at = (name: string, path: string) => lookAt(browser, engine.uiUrl, { name, path, prepare: charts })
    await at('models-compare', '/models/flight-delay/compare?versions=1,2')
    await at('models-model', '/models/flight-delay')
  })

  test('classes of three kinds, and a regression', async ({ browser, page, engine }) => {
    const { client } = engine
    for (const [name, file, target] of [
      ['penguins', 'penguins.json', 'Species'],
      ['cars', 'cars.json', 'Miles_per_Gallon'],
    ] as const) {
      const { project } = await client.call('initProject', {
        body: { path: join(engine.home, name), data: data(file), target },
      })
      const run = await runToEnd(engine, project.id, 'train')
      expect(run.status).toBe('succeeded')
    }
    await page.goto(engine.uiUrl.replace('/#', '/models/penguins/1#'))
    await expect(
      page.getByRole('table', { name: 'Rows by actual and predicted class' }).getByRole('rowheader'),
    ).toHaveCount(3)
    await page.goto(`${engine.controlUrl}/models/cars/1`)
    await expect(page.getByRole('img', { name: /^Calibration: mean observed value/ }).locator('canvas')).toBeVisible()
    await lookAt(browser, engine.uiUrl, { name: 'models-multiclass', path: '/models/penguins/1', prepare: charts })
    await lookAt(browser, engine.uiUrl, { name: 'models-regression', path: '/models/cars/1', prepare: charts })
    await lookAt(browser, engine.uiUrl, { name: 'endpoint-regression', path: '/endpoints/cars' })
    await page.getByRole('button', { name: 'Predict a file…' }).waitFor()
    await page.locator('input[type=file]').setInputFiles(data('cars.json'))
    await expect(page).toHaveURL(/\/runs\/\w+$/, { timeout: 60_000 })
    await expect(page.getByRole('heading', { level: 1, name: 'cars (batch prediction)' })).toBeVisible()
    await expect(page.getByRole('heading', { level: 1, name: /Succeeded/ })).toBeVisible({ timeout: 60_000 })
  })
})
