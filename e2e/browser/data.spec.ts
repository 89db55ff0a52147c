/** The data pages as a person uses them: rows, SQL, statistics, schemas and validation. */
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { addSample } from '../support/seed.ts'

const schemaText = `# Orders of the shop.
rows: { min: 10 }

columns:
  id: { type: integer, presence: { minFraction: 1 } }
  # where it was ordered
  channel:
    type: text
    presence: { minFraction: 1 }
    domain: { values: [web, shop] } # the phone is new
  amount:
    type: number
    domain: { min: 15 } # euros
  region: { type: text, presence: { minFraction: 1 } }
`

/** Rows that repeat every few lines, so that what the pages say of them can be told beforehand. */
function orders(count: number, channels: readonly string[], extraEuros: number): string {
  const lines = Array.from({ length: count }, (_, row) => {
    const amount = row % 10 === 9 ? '' : String(10 + (row % 90) + extraEuros)
    return `${row + 1},${channels[row % channels.length]},${amount},2026-01-${String(1 + (row % 28)).padStart(2, '0')}`
  })
  return `id,channel,amount,day\n${lines.join('\n')}\n`
}

interface Shop {
  readonly id: string
  readonly path: string
  readonly schema: string
}

/** Two datasets, one with a schema that it does not meet, in a folder under git. */
async function addShop(engine: TestEngine): Promise<Shop> {
  const path = join(engine.home, 'shop')
  await mkdir(join(path, 'schemas'), { recursive: true })
  const schema = join(path, 'schemas/orders.yaml')
  await writeFile(
    join(path, 'esteira.yaml'),
    'name: shop\ndatasets:\n  orders: { path: orders.csv }\n  orders-new: { path: new.csv }\n',
  )
  await writeFile(join(path, 'orders.csv'), orders(900, ['web', 'shop', 'phone'], 0))
  await writeFile(join(path, 'new.csv'), orders(600, ['web', 'web', 'app'], 30))
  await writeFile(schema, schemaText)
  git(path, 'init', '--quiet')
  git(path, 'config', 'user.name', 'Ada')
  git(path, 'config', 'user.email', 'ada@example.org')
  git(path, 'add', '.')
  git(path, 'commit', '--quiet', '-m', 'Begin')
  const { id } = await engine.client.call('addProject', { body: { path } })
  return { id, path, schema }
}

const git = (folder: string, ...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })

const open = (page: Page, engine: TestEngine, path: string) => page.goto(engine.uiUrl.replace('/#', `${path}#`))

test('every dataset, found by a word, and a look at row 200,000', async ({ page, engine }) => {
  const { id } = await addSample(engine)
  await addShop(engine)
  await open(page, engine, '/data')
  await expect(page.getByRole('row')).toHaveCount(5)
  await page.getByRole('textbox', { name: 'Find a dataset' }).fill('domestic flights')
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('link', { name: 'flights', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`/data/${id}/flights$`))
  await expect(page.getByText('240,000 rows, 5 columns')).toBeVisible()

  const grid = page.getByRole('grid', { name: 'Rows of flights' })
  const last = grid.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '200,000', exact: true }) })
  await grid.evaluate((element) => element.scrollTo(0, 199_990 * 26))
  await expect(last.getByRole('gridcell').first()).toHaveText('2001-05-31 23:53')
  await expect(last.getByRole('gridcell').nth(2)).toHaveText('LAX')

  await page.getByRole('textbox', { name: 'Go to row' }).fill('240,000')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Row 240,000, date')).toBeVisible()
  await grid.focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByText('Row 1, distance')).toBeVisible()
})

test('SQL answers, says where it fails, and can be cancelled', async ({ page, engine }) => {
  const { id } = await addSample(engine)
  await open(page, engine, `/data/${id}`)
  await page.getByRole('button', { name: 'How many rows there are' }).click()
  const result = page.getByRole('grid', { name: 'Result of the query' })
  await expect(result.getByRole('gridcell')).toHaveText('240000')

  const editor = page.getByRole('textbox', { name: 'Query' })
  const ask = async (sql: string) => {
    await editor.fill(sql)
    await editor.press('Control+Enter')
  }
  await ask('select origin,\n count(*)\nfrom flihgts')
  await expect(page.getByRole('alert')).toContainText('flihgts')
  await expect(page.getByRole('alert')).toContainText('line 3')
  await expect(page.locator('.cm-lintRange')).toHaveCount(1)

  await ask('select count(*) from flights a, flights b where a.distance * b.distance % 7 = 3')
  await expect(page.getByText('The rows are read')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('Cancelled.')).toBeVisible()

  await ask('select distance, origin from flights order by distance desc limit 3')
  await expect(page.getByText('3 rows, 2 columns')).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download CSV' }).click()
  const csv = await readFile(await (await download).path(), 'utf8')
  expect(csv.split('\r\n')[0]).toBe('\uFEFFdistance,origin')
  expect(csv.split('\r\n')).toHaveLength(5)
  await expect(page.getByRole('button', { name: 'select origin, count(*) from flihgts' })).toBeVisible()
})

test('statistics, sorted and with another dataset over them', async ({ page, engine }) => {
  const { id } = await addShop(engine)
  await open(page, engine, `/data/${id}/orders?tab=statistics`)
  const rows = page.getByRole('table', { name: 'Statistics of every column' }).getByRole('row')
  await expect(rows).toHaveCount(5)
  await page.getByRole('button', { name: 'Missing' }).click()
  await expect(rows.nth(1)).toContainText('amount')
  await expect(rows.nth(1)).toContainText('10%')

  await page.getByRole('combobox', { name: 'Compare with a dataset or run' }).click()
  await page.getByRole('option', { name: 'orders-new' }).click()
  await expect(page).toHaveURL(/with=dataset/)
  await page.getByRole('button', { name: 'amount', exact: true }).click()
  const figures = page.getByRole('table', { name: 'Figures of the column' })
  await expect(figures.getByRole('row', { name: /^Rows/ })).toContainText('-300')
  await expect(figures.getByRole('row', { name: /^Minimum/ })).toContainText('+30')
  await expect(page.getByText('of the shown bins and values')).toBeVisible()
  // The whole state is in the address.
  await page.reload()
  await expect(figures.getByRole('row', { name: /^Minimum/ })).toContainText('+30')
})

test('a schema from what the data looks like, edited in the form and in the text', async ({ page, engine }) => {
  const { id, path } = await addShop(engine)
  await open(page, engine, `/data/${id}/orders-new?tab=schema`)
  await page.getByRole('button', { name: 'Start from what the data looks like' }).click()
  const text = page.getByRole('textbox', { name: 'Text of schemas/orders-new.yaml' })
  await expect(text).toContainText('channel:')
  await page.getByRole('button', { name: 'amount', exact: true }).click()
  const limits = page.getByRole('group', { name: 'Values', exact: true })
  await limits.getByRole('textbox', { name: 'At most' }).fill('500')
  await page.keyboard.press('Enter')
  await expect(text).toContainText('max: 500')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(text).not.toContainText('max: 500')
  await page.getByRole('button', { name: 'Redo' }).click()
  await expect(text).toContainText('max: 500')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  const saved = await readFile(join(path, 'schemas/orders-new.yaml'), 'utf8')
  expect(saved).toContain('max: 500')
  expect(saved).toMatch(/^#/)

  await page.getByRole('button', { name: 'Commit' }).click()
  await page.getByRole('textbox', { name: 'Message' }).fill('Say what new orders look like')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/Committed as/)).toBeVisible()
  expect(git(path, 'log', '-1', '--format=%s').trim()).toBe('Say what new orders look like')
})

test('a schema keeps its comments, names its problems, and does not overwrite what it has not seen', async ({
  page,
  engine,
}) => {
  const { id, schema } = await addShop(engine)
  await open(page, engine, `/data/${id}/orders?tab=schema&column=amount`)
  const limits = page.getByRole('group', { name: 'Values', exact: true })
  await limits.getByRole('textbox', { name: 'At least' }).fill('5')
  await page.keyboard.press('Enter')
  const text = page.getByRole('textbox', { name: 'Text of schemas/orders.yaml' })
  await expect(text).toContainText('domain: { min: 5 } # euros')
  await writeFile(schema, schemaText.replace('min: 10', 'min: 20'))
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('alert')).toContainText('changed outside of this page')
  expect(await readFile(schema, 'utf8')).toContain('min: 20')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  expect(await readFile(schema, 'utf8')).toBe(schemaText.replace('min: 15', 'min: 5'))

  await text.fill('columns:\n  id: { type: integr }\n')
  await expect(page.getByRole('alert')).toContainText('integer')
})

test('an anomaly is accepted into the schema as a commit, and taken back', async ({ page, engine }) => {
  const { id, path, schema } = await addShop(engine)
  await open(page, engine, `/data/${id}/orders?tab=validation`)
  const card = page.getByRole('article', { name: 'channel: unexpected values' })
  await expect(card).toContainText('ENUM_TYPE_UNEXPECTED_STRING_VALUES')
  await expect(card.getByRole('table').getByRole('row').nth(1)).toContainText('phone')
  await card.getByRole('button', { name: /^Accept/ }).click()
  await expect(page.getByText('What accepting changed in schemas/orders.yaml')).toBeVisible()
  await expect(card).toBeHidden()
  const accepted = await readFile(schema, 'utf8')
  expect(accepted).toBe(schemaText.replace('[web, shop]', '[web, shop, phone]'))
  const subject = git(path, 'log', '-1', '--format=%s').trim()
  expect(subject).not.toBe('Begin')
  expect(git(path, 'status', '--porcelain').trim()).toBe('')

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(card).toBeVisible()
  expect(await readFile(schema, 'utf8')).toBe(schemaText)
  expect(git(path, 'log', '-1', '--format=%s').trim()).toBe(`Revert "${subject}"`)

  await card.getByRole('link', { name: 'Show in the schema' }).click()
  await expect(page.locator('.code-marked').first()).toContainText('channel')
})

/** One engine with the shop, for tests that only look. */
const look = test.extend<object, { shop: Shop & { readonly engine: TestEngine } }>({
  shop: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const engine = await TestEngine.start()
      await use({ ...(await addShop(engine)), engine })
      await engine.remove()
    },
    { scope: 'worker' },
  ],
})

look.describe('as it looks', () => {
  const firstCell = async (page: Page) => {
    await page.getByRole('grid').focus()
    await page.keyboard.press('ArrowDown')
  }
  const chart = (page: Page) => expect(page.locator('canvas').first()).toBeVisible()
  const code = (page: Page) => expect(page.locator('.cm-content').first()).toBeVisible()
  const run = (page: Page) => page.getByRole('button', { name: /^(Run|Executar)$/ }).click()
  const wrong = encodeURIComponent('select chanel from orders')
  const places: { name: string; path: (id: string) => string; prepare?: (page: Page) => Promise<unknown> }[] = [
    { name: 'data', path: () => '/data' },
    { name: 'data-rows', path: (id) => `/data/${id}/orders`, prepare: firstCell },
    { name: 'data-statistics', path: (id) => `/data/${id}/orders?tab=statistics`, prepare: chart },
    {
      name: 'data-overlay',
      path: (id) => `/data/${id}/orders?tab=statistics&column=amount&with=dataset/${id}/orders-new`,
      prepare: chart,
    },
    { name: 'data-schema', path: (id) => `/data/${id}/orders?tab=schema&column=channel`, prepare: code },
    { name: 'data-schema-start', path: (id) => `/data/${id}/orders-new?tab=schema` },
    { name: 'data-validation', path: (id) => `/data/${id}/orders?tab=validation` },
    { name: 'data-sql', path: (id) => `/data/${id}`, prepare: run },
    { name: 'data-sql-failed', path: (id) => `/data/${id}?sql=${wrong}`, prepare: run },
  ]
  for (const { name, path, prepare } of places) {
    look(name, ({ browser, shop }) =>
      lookAt(browser, shop.engine.uiUrl, { name, path: path(shop.id), ...(prepare && { prepare }) }),
    )
  }
  test('empty-data', ({ browser, engine }) => lookAt(browser, engine.uiUrl, { name: 'empty-data', path: '/data' }))
  test('validation-step', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'validation-step',
      path: `/data/${seeded.projectId}/validation?run=${seeded.succeeded.id}&step=check`,
    }))
})
