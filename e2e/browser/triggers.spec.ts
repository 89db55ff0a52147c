/** What starts runs by itself, as someone sees it who asks why a model was trained, or why not. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'

const waitMs = 60_000

/** A project with a trigger of each kind, and data that comes while one looks. */
function writeProject(folder: string): string {
  const path = join(folder, 'continuous')
  mkdirSync(join(path, 'pipelines'), { recursive: true })
  mkdirSync(join(path, 'data'))
  writeFileSync(
    join(path, 'esteira.yaml'),
    'name: continuous\ndatasets:\n  readings: { path: data/*.csv, time: day }\n',
  )
  writeReadings(path, '2001-01')
  const step = 'steps:\n  extract: { uses: data/extract, with: { dataset: readings } }\n'
  writeFileSync(
    join(path, 'pipelines', 'train.yaml'),
    `name: train
parameters: { from: 2001-01-01, to: 2001-02-01 }
steps:
  extract: { uses: data/extract, with: { dataset: readings, where: "day >= '\${{ params.from }}' and day < '\${{ params.to }}'" } }
  register: { uses: model/register, in: { model: fit }, with: { model: reading } }
  split: { uses: data/split, in: { data: extract } }
  prepare: { uses: data/prepare, in: { data: split }, with: { target: late } }
  fit: { uses: model/train, in: { data: prepare }, with: { trainer: neural-network, epochs: 1 } }
triggers:
  - new-data: readings
    debounce: 1s
    minRows: 20
    parameters: { from: "\${{ trigger.from }}", to: "\${{ trigger.to }}" }
  - schedule: "0 3 * * 1"
    timeZone: America/Sao_Paulo
  - any:
      - drift: { model: reading, dataset: readings, above: 0.2 }
      - performance: { model: reading, dataset: readings, metric: auc, below: 0.6 }
    cooldown: 6h
    quietHours: { from: "22:00", to: "06:00" }
    budget: { runs: 2, minutes: 30 }
`,
  )
  writeFileSync(join(path, 'pipelines', 'report.yaml'), `name: report\n${step}triggers:\n  - after: train\n`)
  return path
}

function writeReadings(path: string, month: string): void {
  const rows = Array.from({ length: 28 * 12 }, (_, index) => {
    const day = `${month}-${String((index % 28) + 1).padStart(2, '0')}`
    return `${day},${(index * 7) % 100},${(index * 13) % 3 === 0 ? 'yes' : 'no'}`
  })
  writeFileSync(join(path, 'data', `${month}.csv`), `day,value,late\n${rows.join('\n')}\n`)
}

test('T1: without triggers the page teaches how to write one', async ({ browser, engine }) => {
  await lookAt(browser, engine.uiUrl, { name: 'triggers-empty', path: '/triggers' })
})

test.describe('triggers of each kind', () => {
  test('T3: data that comes is seen, decided on and followed to its run, with the evidence', async ({
    browser,
    page,
    engine,
  }) => {
    const { client } = engine
    const path = writeProject(engine.home)
    await client.call('addProject', { body: { path, trust: true } })
    await page.goto(engine.uiUrl.replace('/#', '/triggers#'))
    await expect(page.getByRole('row')).toHaveCount(5)
    const { triggers } = await client.call('listTriggers')
    const newData = triggers.find(({ kind }) => kind === 'new-data')
    const latest = async () =>
      (await client.call('getTrigger', { params: { id: newData?.id ?? '' } })).decision?.outcome
    await expect.poll(latest, { timeout: waitMs }).toBe('not-met')
    writeReadings(path, '2001-02')
    const row = page.getByRole('row', { name: /new-data readings/ })
    await expect(row.getByRole('link', { name: /^Run/ })).toBeVisible({ timeout: waitMs })
    await row.getByRole('link', { name: 'new-data readings' }).click()
    const timeline = page.getByRole('list', { name: 'Decisions' })
    const started = timeline.getByRole('listitem').filter({ hasText: 'Started a run' }).first()
    await expect(started).toContainText('336 new rows of readings; at least 20 are needed.')
    await expect(started).toContainText('From 2001-01-29 up to 2001-03-01.')
    await expect(timeline).toContainText('Watching from here on')
    await page.getByRole('button', { name: 'Check' }).click()
    await expect(page.getByText('No run: the conditions are not met.')).toBeVisible({ timeout: waitMs })
    await page.getByRole('button', { name: 'Pause' }).click()
    await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible()
    await page.getByRole('button', { name: 'Resume' }).click()
    await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
    await started.getByRole('link', { name: /^Run/ }).click()
    await page.getByRole('tab', { name: 'About' }).click()
    await expect(page.getByText('Why it started')).toBeVisible()
    await expect(page.getByRole('link', { name: 'trigger new-data readings' })).toBeVisible()
    const ofChampion = triggers.find(({ kind }) => kind === 'any')
    const measured = async () =>
      (await client.call('getTrigger', { params: { id: ofChampion?.id ?? '' } })).decision?.conditions[0]
    await expect.poll(measured, { timeout: waitMs }).toMatchObject({ version: 1 })
    await lookAt(browser, engine.uiUrl, { name: 'triggers', path: '/triggers' })
    await lookAt(browser, engine.uiUrl, { name: 'trigger-new-data', path: `/triggers/${newData?.id}` })
    await lookAt(browser, engine.uiUrl, { name: 'trigger-any', path: `/triggers/${ofChampion?.id}` })
    await lookAt(browser, engine.uiUrl, { name: 'trigger-narrow', path: `/triggers/${ofChampion?.id}`, width: 720 })
    await lookAt(browser, engine.uiUrl, { name: 'run-by-trigger', path: `/runs/${await lastRun()}?tab=about` })
    async function lastRun(): Promise<string> {
      return (await client.call('getTrigger', { params: { id: newData?.id ?? '' } })).lastRunId ?? ''
    }
  })

  test('T1: a trigger is fired by hand from its page, found by the palette', async ({ page, engine }) => {
    const { client } = engine
    await client.call('addProject', { body: { path: writeProject(engine.home), trust: true } })
    await page.goto(engine.uiUrl)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Commands' }).fill('after train')
    await page.getByRole('option', { name: /after train/ }).click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('after train')
    await page.getByRole('button', { name: 'Fire now' }).click()
    await expect(page).toHaveURL(/\/runs\//)
    await page.getByRole('tab', { name: 'About' }).click()
    await expect(page.getByRole('link', { name: 'trigger after train' })).toBeVisible()
    const { items } = await client.call('listRuns', { query: { limit: 1 } })
    expect(await client.call('getRunTrigger', { params: { id: items[0]?.id ?? '' } })).toMatchObject({
      decision: { outcome: 'fired', actor: 'gui' },
    })
  })
})
