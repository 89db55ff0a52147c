/** The lineage graph, and a run made again, as a person uses them. */
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'

test.setTimeout(240_000)

const graph = 'Lineage graph'

test('from a version to its data and back, by mouse and keyboard, in an address to be shared', async ({
  page,
  seeded,
}) => {
  await page.goto(seeded.engine.uiUrl.replace('/#', '/models/flight-delay/1#'))
  await page.getByRole('main').getByRole('link', { name: 'Lineage' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Lineage' })).toBeVisible()
  const nodes = page.getByRole('region', { name: graph }).locator('.react-flow__node')
  const version = page.locator('.react-flow__node[data-id="version:flight-delay/1"]')
  await expect(version).toBeVisible()
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('Model version flight-delay 1')

  // Along the edges by keyboard: the step or package that it was made of.
  await version.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('heading', { level: 2 }).first()).not.toHaveText('Model version flight-delay 1')
  expect(new URL(page.url()).searchParams.get('at')).toBeTruthy()

  // A node is opened, and what came stands in the address.
  const before = await nodes.count()
  const train = nodes.filter({ hasText: 'model/train' }).first()
  await train.click()
  await page.getByRole('button', { name: 'Open what it was made of' }).click()
  await expect.poll(() => nodes.count()).toBeGreaterThanOrEqual(before)
  await expect.poll(() => new URL(page.url()).searchParams.get('open')).toContain('u:step:')
  const address = page.url()
  const count = await nodes.count()
  await page.reload()
  await expect(nodes.first()).toBeVisible()
  await expect.poll(() => nodes.count()).toBe(count)
  expect(page.url()).toBe(address)

  // The same as a table.
  await page.getByText('Table', { exact: true }).click()
  await expect(page.getByRole('table', { name: 'Lineage as a table' }).getByRole('row')).toHaveCount(count + 1)
})

test('a column tells what would be stale if it changed, and a thing that is not there is told', async ({
  page,
  seeded,
}) => {
  await page.goto(seeded.engine.uiUrl.replace('/#', '/lineage#'))
  await expect(page.getByText('From anything to anything')).toBeVisible()
  await page.getByRole('textbox', { name: 'Of' }).fill(`column:${seeded.projectId}/flights.distance`)
  await page.getByRole('button', { name: 'Show' }).click()
  const stale = page.getByRole('list', { name: 'Stale if it changed' })
  await expect(stale.getByText('The column is an input of the model.')).toBeVisible()
  await stale.getByRole('link', { name: 'flight-delay 1' }).click()
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('Model version flight-delay 1')
  await page.getByRole('textbox', { name: 'Of' }).fill('flight-delay/99')
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(page.getByRole('alert')).toContainText('99')
})

test('a run is reproduced and compares as identical, step by step', async ({ page, seeded }) => {
  await page.goto(seeded.engine.uiUrl.replace('/#', `/runs/${seeded.succeeded.id}?tab=reproduce#`))
  await page.getByRole('button', { name: 'Reproduce' }).click()
  const report = page.getByRole('table', { name: 'Comparison with the first run' })
  await expect(report).toBeVisible({ timeout: 180_000 })
  const outcomes = await report.getByRole('row').allTextContents()
  expect(outcomes.slice(1).every((text) => text.includes('identical'))).toBe(true)
  await page.getByRole('tab', { name: 'About' }).click()
  await expect(page.getByText('Component versions')).toBeVisible()
})

test('the pages look right in both themes and languages', async ({ browser, seeded }) => {
  const { engine, projectId, succeeded } = seeded
  await lookAt(browser, engine.uiUrl, { name: 'lineage-start', path: '/lineage' })
  await lookAt(browser, engine.uiUrl, {
    name: 'lineage-version',
    path: '/lineage?of=flight-delay@champion',
    prepare: (page) => expect(page.locator('.react-flow__node').first()).toBeVisible(),
  })
  await lookAt(browser, engine.uiUrl, {
    name: 'lineage-column',
    path: `/lineage?of=${encodeURIComponent(`column:${projectId}/flights.distance`)}&view=table`,
    prepare: (page) => expect(page.getByRole('table')).toBeVisible(),
  })
  await lookAt(browser, engine.uiUrl, {
    name: 'run-reproduce',
    path: `/runs/${succeeded.id}?tab=reproduce`,
    prepare: (page) => expect(page.getByRole('button', { name: /^(Reproduce|Reproduzir)/ }).first()).toBeVisible(),
  })
  await lookAt(browser, engine.uiUrl, {
    name: 'run-record',
    path: `/runs/${succeeded.id}?tab=about`,
    prepare: (page) => page.getByText(/^(Component versions|Versões dos componentes)$/).scrollIntoViewIfNeeded(),
  })
})
