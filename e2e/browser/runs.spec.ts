/** The runs: found, kept as views, chosen by keyboard, compared, followed and taken up again from a step. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { insertManyRuns } from '../support/many-runs.ts'
import { lookAt } from '../support/pages.ts'
import { runToEnd } from '../support/seed.ts'

test.setTimeout(240_000)

const open = (page: Page, uiUrl: string, path: string) => page.goto(uiUrl.replace('/#', `${path}#`))
const table = (page: Page) => page.getByRole('table', { name: 'Runs' })
const links = (page: Page) => table(page).getByRole('link')

test.describe('many runs', () => {
  let engine: TestEngine
  test.beforeAll(async () => {
    engine = await TestEngine.start()
    await engine.kill()
    insertManyRuns(engine.home, 2_000)
    await engine.startAgain()
  })
  test.afterAll(() => engine.remove())

  test('a filter stands in the address, and a saved view survives a reload', async ({ page }) => {
    await open(page, engine.uiUrl, '/runs')
    await expect(page.getByText('2,000 runs')).toBeVisible()
    await page.getByRole('combobox', { name: 'Status' }).click()
    await page.getByRole('option', { name: 'Failed' }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: 'Condition on a metric' }).fill('auc > ')
    await expect(page.getByText('Such as auc > 0.63')).toBeVisible()
    await page.getByRole('textbox', { name: 'Condition on a metric' }).fill('')
    await page.getByRole('searchbox', { name: 'Search id, pipeline, parameters' }).fill('2001-04')
    await expect(page).toHaveURL(/status=failed&search=2001-04/)
    await expect(page.getByText('2,000 runs')).toBeHidden()
    const found = await page.getByText(/^\d+ runs$/).textContent()

    await page.getByRole('button', { name: 'Save this view' }).click()
    await page.getByLabel('Name of the view').fill('Failed in April')
    await page.keyboard.press('Enter')
    const view = page.getByRole('button', { name: 'Failed in April' })
    await expect(view).toHaveAttribute('aria-pressed', 'true')
    await page.reload()
    await expect(page.getByText(found ?? '')).toBeVisible()
    await page.getByRole('button', { name: 'All runs' }).click()
    await expect(page.getByText('2,000 runs')).toBeVisible()
    await view.click()
    await expect(page.getByText(found ?? '')).toBeVisible()

    await page.getByRole('button', { name: 'Rename view' }).click()
    await page.getByLabel('Name of the view').fill('April')
    await page.getByRole('button', { name: 'Rename', exact: true }).click()
    await expect(view).toBeHidden()
    await page.getByRole('button', { name: 'Delete view' }).click()
    const renamed = page.getByRole('button', { name: 'April', exact: true })
    await expect(renamed).toBeHidden()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(renamed).toHaveAttribute('aria-pressed', 'true')
  })

  test('a metric filters and sorts', async ({ page }) => {
    await open(page, engine.uiUrl, '/runs?metric=auc+>+0.89')
    const aucs = () => table(page).locator('tbody tr[aria-rowindex] td:nth-child(8)').allTextContents()
    await expect(page.getByText(/^\d\d runs$/)).toBeVisible()
    await page.getByRole('button', { name: 'auc', exact: true }).click()
    await expect(page.getByRole('columnheader', { name: 'auc' })).toHaveAttribute('aria-sort', 'descending')
    await expect(page).toHaveURL(/sort=metric%3Aauc/)
    await expect.poll(async () => isSorted((await aucs()).map(Number))).toBe(true)
    expect((await aucs()).every((value) => Number(value) >= 0.89)).toBe(true)
  })

  test('the keyboard moves, chooses, compares and opens', async ({ page }) => {
    await open(page, engine.uiUrl, '/runs')
    await expect(links(page).first()).toBeVisible()
    await page.keyboard.press('j')
    await expect(links(page).first()).toBeFocused()
    await page.keyboard.press('x')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+X')
    await expect(page.getByText('3 selected')).toBeVisible()
    await page.keyboard.press('/')
    await expect(page.getByRole('searchbox', { name: 'Search id, pipeline, parameters' })).toBeFocused()
    await links(page).nth(2).focus()
    await page.keyboard.press('c')
    await expect(page.getByRole('heading', { name: 'Compare 3 runs' })).toBeVisible()
    await page.goBack()
    await expect(links(page).first()).toBeVisible()
    await page.keyboard.press('j')
    await expect(links(page).first()).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/runs\/[0-9a-z]{20}/)
  })

  test('scrolling brings the next pages, and new runs wait until they are asked for', async ({ page }) => {
    await open(page, engine.uiUrl, '/runs')
    await expect(links(page).first()).toBeVisible()
    const scroller = page.getByRole('region', { name: 'Runs' })
    for (let times = 0; times < 4; times++) {
      await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
      await page.waitForTimeout(300)
    }
    const shown = await links(page).first().getAttribute('id')
    expect(
      Number(await table(page).locator('tbody tr[aria-rowindex]').first().getAttribute('aria-rowindex')),
    ).toBeGreaterThan(150)
    const [project] = await engine.client.call('listProjects')
    await runToEnd(engine, project?.id ?? '', 'train')
    const chip = page.getByRole('button', { name: '1 new run' })
    await expect(chip).toBeVisible()
    expect(await links(page).first().getAttribute('id')).toBe(shown)
    await chip.click()
    await expect(page.getByText('2,001 runs')).toBeVisible()
  })

  test('look', async ({ browser }) => {
    await lookAt(browser, engine.uiUrl, { name: 'runs-many', path: '/runs?search=retrain&sort=duration' })
    await lookAt(browser, engine.uiUrl, {
      name: 'runs-selected',
      path: '/runs',
      prepare: async (page) => {
        await expect(page.locator('table a').first()).toBeVisible()
        for (const key of ['j', 'x', 'j', 'j', 'X']) await page.keyboard.press(key)
      },
    })
  })
})

function isSorted(values: readonly number[]): boolean {
  return values.length > 2 && values.every((value, index) => index === 0 || value <= (values[index - 1] ?? 0))
}

test('a run is taken up again from a step, and its log is searched', async ({ page, engine }) => {
  const path = join(engine.home, 'small')
  await mkdir(join(path, 'pipelines'), { recursive: true })
  await writeFile(join(path, 'esteira.yaml'), 'name: small\ndatasets:\n  readings: { path: readings.csv }\n')
  await writeFile(join(path, 'readings.csv'), 'at,value\n1,2\n2,4\n3,9\n')
  await writeFile(
    join(path, 'pipelines/look.yaml'),
    'name: look\nsteps:\n  extract: { uses: data/extract, with: { dataset: readings } }\n  stats: { uses: data/statistics, in: { data: extract } }\n',
  )
  const project = await engine.client.call('addProject', { body: { path } })
  const run = await runToEnd(engine, project.id, 'look')
  await open(page, engine.uiUrl, `/runs/${run.id}?step=stats`)
  const panel = page.getByRole('region', { name: 'Step stats' })
  await panel.getByRole('button', { name: 'Retry from this step' }).click()
  await expect(panel.getByText('Attempts')).toBeVisible()
  await expect(page.locator('h1 [data-status="succeeded"]')).toBeVisible()
  const again = await engine.client.call('getRun', { params: { id: run.id } })
  expect(again.steps.map(({ name, attempt, cached }) => [name, attempt, cached])).toEqual([
    ['extract', 1, false],
    ['stats', 2, false],
  ])

  await panel.getByRole('tab', { name: 'Inputs' }).click()
  await expect(panel.getByRole('link', { name: 'from extract' })).toBeVisible()
  await panel.getByRole('button', { name: 'Show all steps' }).click()
  await page.getByRole('tab', { name: 'Log' }).click()
  await expect(page.getByRole('log').locator('[data-level]').first()).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('ROWS')
  await expect(page.getByText(/^1 of [2-9]$/)).toBeVisible()
  await page.getByRole('button', { name: 'Next match' }).click()
  await expect(page.getByText(/^2 of [2-9]$/)).toBeVisible()
  await expect(page.getByRole('log').locator('[data-current] mark')).toHaveText('rows')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe(`look-${run.id}.log`)
})

test.describe('a real run', () => {
  const shown = (name: RegExp) => async (page: Page) => {
    await expect(page.getByRole('region', { name }).first()).toBeVisible()
    await expect(page.locator('[aria-busy]')).toHaveCount(0)
  }
  const steps = [
    ['extract', 'outputs', /data/],
    ['stats', 'outputs', /statistics/],
    ['check', 'outputs', /anomalies/],
    ['evaluate', 'outputs', /evaluation/],
    ['gate', 'outputs', /verdict/],
    ['train', 'outputs', /model/],
    ['deploy', 'outputs', /deployment/],
    ['gate', 'inputs', /evaluation/],
    ['train', 'options', /train/],
  ] as const
  for (const [step, part, region] of steps) {
    test(`step ${step}, ${part}`, async ({ browser, seeded }) => {
      await lookAt(browser, seeded.engine.uiUrl, {
        name: `run-${step}-${part}`,
        path: `/runs/${seeded.succeeded.id}?step=${step}&part=${part}`,
        prepare: shown(region),
      })
    })
  }
  test('timeline', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'run-timeline', path: `/runs/${seeded.succeeded.id}?tab=timeline` }))

  test('is compared with another', async ({ page, browser, seeded }) => {
    // It trains a second model first.
    test.setTimeout(480_000)
    const { engine, projectId, succeeded } = seeded
    const started = await engine.client.call('startRun', {
      body: { projectId, pipeline: 'train', parameters: { from: '2001-02-01' }, startedBy: 'e2e' },
    })
    const ended = async () => (await engine.client.call('getRun', { params: { id: started.id } })).status
    await expect.poll(ended, { timeout: 180_000 }).toBe('succeeded')
    const path = `/runs/compare?ids=${succeeded.id},${started.id}`
    await open(page, engine.uiUrl, path)
    const parameters = page.getByRole('table', { name: 'Parameters' })
    await expect(parameters.getByRole('row', { name: /^from/ })).toContainText('2001-02-01')
    await expect(parameters.getByRole('row', { name: /^to / })).toBeHidden()
    await page.getByRole('switch', { name: 'Only what differs' }).click()
    await expect(parameters.getByRole('row', { name: /^to / })).toBeVisible()
    await expect(page.getByRole('table', { name: 'Metrics' }).getByText('best').first()).toBeAttached()
    await expect(page.getByRole('img', { name: /^Parallel coordinates/ })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Learning curves' }).getByRole('img').first()).toBeVisible()
    await lookAt(browser, engine.uiUrl, { name: 'runs-compare', path })
  })
})
