/** Data validation as a person meets it: both verdicts, the three ways out of an anomaly, schemas that only grow. */
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { TestEngine } from '../support/engine.ts'
import { TestEngine as Engine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { runToEnd } from '../support/seed.ts'

const schemaText = `# Readings of the plant.
rows: { min: 10 }
freshness: { maxAge: 3650d, column: at }
checks:
  outside is colder: outside <= inside

columns:
  code: { type: text, presence: { minFraction: 1 }, domain: { pattern: "[A-Z]{2}-[0-9]{4}" }, unique: { minFraction: 1 }, drift: false }
  at: { type: timestamp, presence: { minFraction: 1 } }
  inside: { type: number, domain: { min: -10, max: 60 } }
  outside: { type: number }
  state:
    type: text
    domain: { values: [on, off] } # standby is new
    drift: { measure: l-infinity, threshold: 0.2 }
`

function readings(onOfTen: number, spoiled: boolean): string {
  const lines = Array.from({ length: 400 }, (_, row) => {
    const code = spoiled && row === 7 ? 'broken' : `PL-${String(row).padStart(4, '0')}`
    const state = spoiled && row % 100 === 50 ? 'standby' : row % 10 < onOfTen ? 'on' : 'off'
    const inside = spoiled && row === 33 ? 400 : 20 + (row % 7)
    const outside = spoiled && row === 90 ? 55 : 10 + (row % 5)
    return `${code},2026-01-01 00:${String(row % 60).padStart(2, '0')}:00,${inside},${outside},${state}`
  })
  return `code,at,inside,outside,state\n${lines.join('\n')}\n`
}

const pipelineText = `name: check
steps:
  extract: { uses: data/extract, with: { dataset: readings } }
  before: { uses: data/extract, with: { dataset: earlier } }
  stats: { uses: data/statistics, in: { data: extract } }
  stats-before: { uses: data/statistics, in: { data: before } }
  check:
    uses: data/validate
    in: { statistics: stats, data: extract, previous: stats-before }
    with: { schema: schemas/readings.yaml }
`

interface Plant {
  readonly id: string
  readonly path: string
  readonly schema: string
}

const git = (folder: string, ...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })

async function addPlant(engine: TestEngine): Promise<Plant> {
  const path = join(engine.home, 'plant')
  for (const name of ['schemas', 'pipelines']) await mkdir(join(path, name), { recursive: true })
  await writeFile(
    join(path, 'esteira.yaml'),
    'name: plant\ndatasets:\n  readings: { path: readings.csv, time: at }\n  earlier: { path: earlier.csv }\n',
  )
  await writeFile(join(path, 'readings.csv'), readings(9, true))
  await writeFile(join(path, 'earlier.csv'), readings(5, false))
  const schema = join(path, 'schemas/readings.yaml')
  await writeFile(schema, schemaText)
  await writeFile(join(path, 'pipelines/check.yaml'), pipelineText)
  git(path, 'init', '--quiet')
  git(path, 'config', 'user.name', 'Ada')
  git(path, 'config', 'user.email', 'ada@example.org')
  git(path, 'add', '.')
  git(path, 'commit', '--quiet', '-m', 'Begin')
  const { id } = await engine.client.call('addProject', { body: { path } })
  return { id, path, schema }
}

const open = (page: Page, engine: TestEngine, path: string) => page.goto(engine.uiUrl.replace('/#', `${path}#`))

test('both verdicts stand at the top, with their evidence below', async ({ page, engine }) => {
  const { id } = await addPlant(engine)
  await open(page, engine, `/data/${id}/readings?tab=validation`)
  const verdicts = page.getByRole('status', { name: 'Verdicts' })
  await expect(verdicts).toContainText('Stop · 4 errors')
  await expect(verdicts).toContainText('Not compared')
  await page.getByRole('combobox', { name: 'Compare with…' }).click()
  await page.getByRole('option', { name: 'earlier' }).click()
  await expect(page).toHaveURL(/previous=earlier/)
  await expect(verdicts).toContainText('Retrain')
  await expect(verdicts).toContainText('state')
  const comparisons = page.getByRole('table', { name: 'Comparisons' })
  await expect(comparisons.getByRole('row').nth(1)).toContainText('state')
  await expect(comparisons.getByRole('row').nth(1)).toContainText('l-infinity')

  const check = page.getByRole('article', { name: 'The dataset: outside is colder' })
  await expect(check).toContainText('1 row at fault')
  await expect(check.getByRole('table').getByRole('row').nth(1)).toContainText('55')
  const code = page.getByRole('article', { name: 'code: unexpected values' })
  await expect(code).toContainText('like [A-Z]{2}-[0-9]{4}')
  await expect(code.getByRole('table').getByRole('row').nth(1)).toContainText('broken')
})

test('an anomaly is mended, accepted, or its rows are put aside, each with a click', async ({ page, engine }) => {
  const { id, path, schema } = await addPlant(engine)
  const failed = await runToEnd(engine, id, 'check')
  expect(failed.status).toBe('failed')
  await open(page, engine, `/data/${id}/validation?run=${failed.id}&step=check`)
  const state = page.getByRole('article', { name: 'state: unexpected values' })
  await expect(state).toContainText('Correct the spelling at the source')
  await state.getByRole('button', { name: /^Accept/ }).click()
  await expect(state).toBeHidden()
  expect(await readFile(schema, 'utf8')).toBe(schemaText.replace('[on, off]', '[on, off, standby]'))

  const inside = page.getByRole('article', { name: 'inside: numbers too large' })
  await inside.getByRole('button', { name: /^Quarantine rows/ }).click()
  await expect(page.getByText('What accepting changed in pipelines/check.yaml')).toBeVisible()
  await expect(inside).toContainText('check puts such rows aside already, in the step quarantine.')
  expect(git(path, 'log', '-1', '--format=%s').trim()).toBe(
    'Quarantine rows that break schemas/readings.yaml in pipelines/check.yaml',
  )
  const passed = await runToEnd(engine, id, 'check')
  expect(passed.status).toBe('succeeded')
  expect(passed.steps.find(({ name }) => name === 'quarantine')?.values).toMatchObject({ rows: 397, quarantined: 3 })
  expect(passed.steps.find(({ name }) => name === 'check')?.values).toMatchObject({ stop: false, retrain: true })
  await open(page, engine, `/runs/${passed.id}?step=quarantine&part=outputs`)
  await expect(page.getByRole('region', { name: 'quarantined' })).toContainText('broken')

  await page.goBack()
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(page.getByRole('article', { name: 'inside: numbers too large' })).toBeVisible()
})

test('a schema grows by what the data adds, one accepted addition at a time', async ({ page, engine }) => {
  const { id, schema } = await addPlant(engine)
  await open(page, engine, `/data/${id}/readings?tab=schema`)
  await page.getByRole('button', { name: 'Compare with the data' }).click()
  const proposals = page.getByRole('region', { name: 'What the data would add' })
  const addition = proposals.getByRole('button', { name: 'Add: Asks for the column "outside" to be there.' })
  await addition.click()
  await expect(addition).toBeHidden()
  const text = page.getByRole('textbox', { name: 'Text of schemas/readings.yaml' })
  await expect(text).toContainText('outside: { type: number, presence: { minFraction: 1, minCount: 1 } }')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(addition).toBeVisible()
  expect(await readFile(schema, 'utf8')).toBe(schemaText)
})

test('every new rule is set in the form', async ({ page, engine }) => {
  const { id, schema } = await addPlant(engine)
  await open(page, engine, `/data/${id}/readings?tab=schema&column=outside`)
  const text = page.getByRole('textbox', { name: 'Text of schemas/readings.yaml' })
  const column = page.getByRole('region', { name: 'outside' })
  const set = async (group: string, field: string, value: string) => {
    const place = column.getByRole('group', { name: group, exact: true }).getByRole('textbox', { name: field })
    await place.fill(value)
    await page.keyboard.press('Enter')
  }
  await set('Different values', 'Share, at least', '0.01')
  await expect(text).toContainText('minFraction: 0.01')
  await set('Training and serving', 'Threshold', '0.3')
  await expect(text).toContainText('skew: { threshold: 0.3 }')
  await column.getByRole('group', { name: 'Drift', exact: true }).getByRole('switch', { name: 'Compared' }).click()
  await expect(text).toContainText('drift: false')
  await column.getByRole('button', { name: 'Add a check' }).click()
  await expect(text).toContainText('new check:')
  await set('Checks in SQL', 'Each row must meet', 'outside > -60')
  await expect(text).toContainText('outside > -60')
  await page.getByRole('textbox', { name: 'Newest row within' }).fill('2w')
  await page.keyboard.press('Enter')
  await expect(text).toContainText('maxAge: 2w')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  expect(await readFile(schema, 'utf8')).toContain('# standby is new')
})

/** One engine for tests that only look. */
const look = test.extend<object, { plant: Plant & { readonly engine: TestEngine; readonly runId: string } }>({
  plant: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const engine = await Engine.start()
      const plant = await addPlant(engine)
      await use({ ...plant, engine, runId: (await runToEnd(engine, plant.id, 'check')).id })
      await engine.remove()
    },
    { scope: 'worker' },
  ],
})

look.describe('as it looks', () => {
  const code = (page: Page) => expect(page.locator('.cm-content').first()).toBeVisible()
  const proposals = async (page: Page) => {
    await code(page)
    await page.getByRole('button', { name: /^(Compare with the data|Comparar com os dados)$/ }).click()
    await expect(page.getByRole('button', { name: /^(Add all|Acrescentar todas)/ })).toBeVisible()
  }
  look('validation-verdicts', ({ browser, plant }) =>
    lookAt(browser, plant.engine.uiUrl, {
      name: 'validation-verdicts',
      path: `/data/${plant.id}/readings?tab=validation&previous=earlier`,
    }),
  )
  look('validation-stopped-step', ({ browser, plant }) =>
    lookAt(browser, plant.engine.uiUrl, {
      name: 'validation-stopped-step',
      path: `/data/${plant.id}/validation?run=${plant.runId}&step=check`,
    }),
  )
  look('validation-schema-rules', ({ browser, plant }) =>
    lookAt(browser, plant.engine.uiUrl, {
      name: 'validation-schema-rules',
      path: `/data/${plant.id}/readings?tab=schema&column=state`,
      prepare: code,
    }),
  )
  look('validation-proposals', ({ browser, plant }) =>
    lookAt(browser, plant.engine.uiUrl, {
      name: 'validation-proposals',
      path: `/data/${plant.id}/readings?tab=schema`,
      prepare: proposals,
    }),
  )
})
