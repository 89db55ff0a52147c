/** Pipelines by canvas, form and text: each changes the others, and the file changes only when it is saved. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import type { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { addSample } from '../support/seed.ts'

const run = promisify(execFile)

interface Sample {
  readonly projectId: string
  readonly folder: string
  readonly file: string
}

async function openSample(engine: TestEngine): Promise<Sample> {
  const { id, path } = await addSample(engine)
  return { projectId: id, folder: path, file: join(path, 'pipelines/train.yaml') }
}

async function openEditor(page: Page, engine: TestEngine, projectId: string, query = ''): Promise<Locator> {
  await page.goto(engine.uiUrl.replace('/#', `/pipelines/${projectId}/train${query}#`))
  await expect(step(page, 'extract')).toBeVisible()
  const text = page.getByRole('textbox', { name: 'Text of pipelines/train.yaml' })
  await expect(text).toBeVisible()
  return text
}

const step = (page: Page, name: string) => page.locator(`.react-flow__node[data-id="${name}"]`)
const port = (page: Page, name: string, label: RegExp) => step(page, name).getByRole('img', { name: label })

test.describe('editing', () => {
  test('an option in the form changes its line alone, on the canvas, in the text and on disk', async ({
    page,
    engine,
  }) => {
    const { projectId, file } = await openSample(engine)
    const before = await readFile(file, 'utf8')
    const text = await openEditor(page, engine, projectId)
    await step(page, 'gate').click()
    await expect(page).toHaveURL(/step=gate/)
    const inspector = page.getByRole('region', { name: 'Settings', exact: true })
    await inspector.getByLabel('auc', { exact: true }).fill('0.75')
    await expect(text).toContainText('thresholds: { auc: 0.75 }')
    await expect(page.getByText('Not saved')).toBeVisible()
    expect(await readFile(file, 'utf8')).toBe(before)
    await page.keyboard.press('Control+s')
    await expect(page.getByText('Not saved')).toBeHidden()
    expect(await readFile(file, 'utf8')).toBe(before.replace('auc: 0.6 }', 'auc: 0.75 }'))
  })

  test('typing changes the canvas; problems stand at their places', async ({ page, engine }) => {
    const { projectId } = await openSample(engine)
    const text = await openEditor(page, engine, projectId)
    await text.getByText('uses: data/statistics').click()
    // The cursor stands in the lines of a step, so the step is selected.
    await expect(page).toHaveURL(/step=stats/)
    await page.keyboard.press('End')
    await page.keyboard.type('s')
    await expect(step(page, 'stats')).toContainText('data/statisticss')
    await expect(step(page, 'stats').getByRole('img', { name: '1 problem' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Save and run' })).toBeDisabled()
    const problems = page.getByRole('region', { name: 'Problems' })
    await expect(problems).toContainText('There is no component "data/statisticss".')
    await expect(problems).toContainText('Did you mean "data/statistics"?')
    await step(page, 'deploy').click()
    await problems.getByRole('button').first().click()
    await expect(page).toHaveURL(/step=stats/)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByText('No problems')).toBeVisible()
    await expect(page.getByText('Not saved')).toBeHidden()
  })

  test('a component is added, connected, disconnected and removed; a wrong type is refused', async ({
    page,
    engine,
  }) => {
    const { projectId } = await openSample(engine)
    const text = await openEditor(page, engine, projectId)
    await step(page, 'extract').focus()
    await page.keyboard.press('/')
    const search = page.getByRole('combobox', { name: 'Search components' })
    await expect(search).toBeFocused()
    await search.fill('drift')
    await page.keyboard.press('Enter')
    await expect(step(page, 'drift')).toBeVisible()
    await expect(port(page, 'drift', /^Input statistics: .*required, not connected/)).toBeVisible()

    await test.step('by dragging', async () => {
      await port(page, 'extract', /^Output data/).dragTo(port(page, 'drift', /^Input statistics/))
      await expect(port(page, 'drift', /required, not connected/)).toBeVisible()
      await port(page, 'stats', /^Output statistics/).dragTo(port(page, 'drift', /^Input statistics/))
      await expect(text).toContainText('statistics: stats')
      await expect(port(page, 'drift', /required, not connected/)).toHaveCount(0)
    })
    await test.step('by the form, which offers nothing of another type', async () => {
      await step(page, 'drift').click()
      await page.getByRole('button', { name: 'Disconnect statistics' }).click()
      await expect(port(page, 'drift', /required, not connected/)).toBeVisible()
      await page.getByRole('combobox', { name: 'statistics *' }).click()
      await expect(page.getByRole('option')).toHaveText(['stats.statistics'])
      await page.getByRole('option').click()
      await expect(port(page, 'drift', /required, not connected/)).toHaveCount(0)
    })
    await test.step('and everything is taken back', async () => {
      await step(page, 'drift').focus()
      await page.keyboard.press('Delete')
      await expect(step(page, 'drift')).toHaveCount(0)
      await page.keyboard.press('Control+z')
      await expect(step(page, 'drift')).toBeVisible()
      for (let acts = 0; acts < 4; acts++) await page.keyboard.press('Control+z')
      await expect(step(page, 'drift')).toHaveCount(0)
      await expect(page.getByRole('button', { name: 'Undo' }).first()).toBeDisabled()
      await expect(page.getByText('Not saved')).toBeHidden()
    })
  })

  test('a step is renamed wherever it is named', async ({ page, engine }) => {
    const { projectId } = await openSample(engine)
    const text = await openEditor(page, engine, projectId)
    await step(page, 'check').dblclick()
    await step(page, 'check').getByLabel('Name of the step').fill('verify')
    await page.keyboard.press('Enter')
    await expect(step(page, 'verify')).toBeVisible()
    await expect(text).toContainText('needs: [verify]')
    await expect(page).toHaveURL(/step=verify/)
  })
})

test.describe('the file on disk', () => {
  test('a draft outlives leaving the page', async ({ page, engine }) => {
    const { projectId } = await openSample(engine)
    const text = await openEditor(page, engine, projectId, '?step=split')
    await page.getByLabel('test', { exact: true }).fill('0.3')
    await expect(text).toContainText('test: 0.3')
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.goBack()
    await expect(page.getByText('Changes that were not saved have been restored.')).toBeVisible()
    await expect(text).toContainText('test: 0.3')
    await page.getByRole('button', { name: 'Discard them' }).click()
    await expect(text).toContainText('test: 0.2')
    await expect(page.getByText('Not saved')).toBeHidden()
  })

  test('nothing is overwritten that someone else wrote meanwhile', async ({ page, engine }) => {
    const { projectId, file } = await openSample(engine)
    const text = await openEditor(page, engine, projectId, '?step=split')
    const before = await readFile(file, 'utf8')
    await page.getByLabel('test', { exact: true }).fill('0.3')
    await expect(text).toContainText('test: 0.3')
    await writeFile(file, before.replace('seed: 7', 'seed: 8'))
    await page.keyboard.press('Control+s')
    await expect(page.getByText('The file has changed on disk since you began.')).toBeVisible()
    expect(await readFile(file, 'utf8')).toContain('seed: 8')
    await page.getByRole('button', { name: 'Compare' }).click()
    const dialog = page.getByRole('dialog', { name: 'Two texts of one file' })
    await expect(dialog.locator('.cm-deletedChunk').first()).toContainText('seed: 8')
    await dialog.getByRole('button', { name: 'Keep mine and save' }).click()
    await expect(dialog).toBeHidden()
    expect(await readFile(file, 'utf8')).toBe(before.replace('test: 0.2', 'test: 0.3'))
  })

  test('versions show what changed with each commit, and bring a text back', async ({ page, engine }) => {
    const { projectId, folder, file } = await openSample(engine)
    const git = (...args: string[]) => run('git', args, { cwd: folder })
    const before = await readFile(file, 'utf8')
    await git('config', 'user.name', 'Ana')
    await git('config', 'user.email', 'ana@example.org')
    const { stdout: begun } = await git('log', '--format=%s')
    const text = await openEditor(page, engine, projectId, '?step=gate')
    await page.getByLabel('auc', { exact: true }).fill('0.7')
    await expect(text).toContainText('auc: 0.7')
    await page.getByRole('button', { name: 'Commit' }).click()
    await page.getByLabel('Message').fill('Ask for more')
    await page.getByRole('button', { name: 'Save and commit' }).click()
    await expect(page.getByText(/^Committed as/)).toBeVisible()
    expect((await git('log', '--format=%s')).stdout).toBe(`Ask for more\n${begun}`)

    await page.getByRole('button', { name: 'Versions' }).click()
    const drawer = page.getByRole('dialog', { name: 'Versions of train' })
    await expect(drawer.getByRole('button', { name: /^Ask for more/ })).toHaveAttribute('aria-pressed', 'true')
    await expect(drawer.locator('.cm-changedLine')).toHaveCount(1)
    await expect(drawer.locator('.cm-changedLine')).toContainText('auc: 0.7')
    await drawer.getByRole('list', { name: 'Versions' }).getByRole('button').last().click()
    await drawer.getByRole('button', { name: 'Restore this text' }).click()
    await expect(text).toContainText('auc: 0.6')
    await expect(page.getByText('Not saved')).toBeVisible()
    await page.keyboard.press('Control+s')
    await expect(page.getByText('Not saved')).toBeHidden()
    expect(await readFile(file, 'utf8')).toBe(before)
  })

  test('a run takes the text as it is: it is saved first', async ({ page, engine }) => {
    const { projectId, file } = await openSample(engine)
    await openEditor(page, engine, projectId)
    const value = page.getByLabel('Default of to', { exact: true })
    await value.fill('2001-02-15')
    await page.getByRole('button', { name: 'Save and run' }).click()
    const dialog = page.getByRole('dialog', { name: 'Run train' })
    await expect(dialog.getByText('Your changes were saved to pipelines/train.yaml')).toBeVisible()
    await expect(dialog.getByLabel('to', { exact: true })).toHaveValue('2001-02-15')
    expect(await readFile(file, 'utf8')).toContain('to: 2001-02-15')
  })

  test('pipelines are made, copied and deleted; deleting can be undone', async ({ page, engine }) => {
    const { folder } = await openSample(engine)
    const original = await readFile(join(folder, 'pipelines/watch.yaml'), 'utf8')
    await page.goto(engine.uiUrl.replace('/#', '/pipelines#'))
    await page.getByRole('button', { name: 'More for watch' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Train')
    await expect(dialog.getByText('This name is taken.')).toBeVisible()
    await dialog.getByLabel('Name').fill('watch-daily')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'watch-daily' })).toBeVisible()
    const copy = join(folder, 'pipelines/watch-daily.yaml')
    const text = original.replace('name: watch', 'name: watch-daily')
    expect(await readFile(copy, 'utf8')).toBe(text)

    await page.getByRole('link', { name: 'Pipelines', exact: true }).first().click()
    await page.getByRole('button', { name: 'More for watch-daily' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(page.getByRole('link', { name: 'watch-daily' })).toHaveCount(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('link', { name: 'watch-daily' })).toBeVisible()
    expect(await readFile(copy, 'utf8')).toBe(text)
  })

  test('an empty pipeline is filled on the canvas', async ({ page, engine }) => {
    const { folder } = await openSample(engine)
    await page.goto(engine.uiUrl.replace('/#', '/pipelines#'))
    await page.getByRole('button', { name: 'New pipeline in flight-delay' }).click()
    await page.getByLabel('Name').fill('look')
    await page.getByRole('button', { name: 'Create' }).click()
    for (const component of ['data/extract', 'data/statistics']) {
      await page.getByRole('button', { name: 'Add a step' }).click()
      await page.getByRole('option', { name: component }).click()
      await expect(step(page, component.replace('data/', ''))).toBeVisible()
    }
    await step(page, 'extract').click()
    await page.getByRole('combobox', { name: 'dataset' }).click()
    await page.getByRole('option', { name: 'flights' }).click()
    await expect(page.getByText('No problems')).toBeVisible()
    await page.keyboard.press('Control+s')
    await expect(page.getByText('Not saved')).toBeHidden()
    expect(await readFile(join(folder, 'pipelines/look.yaml'), 'utf8')).toBe(
      'name: look\nsteps:\n  extract:\n    uses: data/extract\n    with: { dataset: flights }\n' +
        '  statistics:\n    uses: data/statistics\n    in: { data: extract }\n',
    )
  })
})

test('two hundred steps stay fluent', async ({ page, engine }) => {
  const { projectId, file } = await openSample(engine)
  const lines = Array.from({ length: 199 }, (_, index) => {
    const before = index < 4 ? 'extract' : `s${index - 4}`
    return `  s${index}: { uses: data/statistics, in: { data: extract }, needs: [${before}] }\n`
  })
  const head = 'name: train\nsteps:\n  extract: { uses: data/extract, with: { dataset: flights } }\n'
  await writeFile(file, head + lines.join(''))
  await openEditor(page, engine, projectId)
  // The time of the page's own thread, so that what else the machine does is not counted.
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busyMs = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
  }
  await expect(page.getByText('No problems')).toBeVisible()
  const before = await busyMs()
  await step(page, 's1').click()
  await expect(page).toHaveURL(/step=s1/)
  await expect(page.getByRole('heading', { name: 's1' })).toBeVisible()
  const selectionMs = (await busyMs()) - before
  test.info().annotations.push({ type: 'selection of a step among 200, ms', description: selectionMs.toFixed(0) })
  expect(selectionMs).toBeLessThan(1_000)
})

test.describe('how it looks', () => {
  const editor = (page: Page) => expect(step(page, 'extract')).toBeVisible()
  test('with a selected step', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'pipeline-step',
      path: `/pipelines/${seeded.projectId}/train?step=gate`,
      prepare: editor,
    }))
  test('with the palette', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'pipeline-palette',
      path: `/pipelines/${seeded.projectId}/train?step=split`,
      prepare: async (page) => {
        await step(page, 'extract').focus()
        await page.keyboard.press('a')
        await expect(page.getByRole('listbox')).toBeVisible()
      },
    }))
  test('with problems', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'pipeline-problems',
      path: `/pipelines/${seeded.failed.projectId}/mistaken?step=stats`,
      prepare: editor,
    }))
  test('with its versions', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'pipeline-versions',
      path: `/pipelines/${seeded.projectId}/train`,
      prepare: async (page) => {
        await page.getByRole('button', { name: /^(Versions|Versões)$/ }).click()
        await expect(page.getByRole('dialog').locator('.cm-content')).toBeVisible()
      },
    }))
  test('on a window of 1,100 pixels, and a narrow one', async ({ browser, seeded }) => {
    const path = `/pipelines/${seeded.projectId}/train?step=train`
    await lookAt(browser, seeded.engine.uiUrl, { name: 'pipeline-1100', path, width: 1100, prepare: editor })
    await lookAt(browser, seeded.engine.uiUrl, { name: 'pipeline-narrow', path, width: 720, prepare: editor })
  })
})
