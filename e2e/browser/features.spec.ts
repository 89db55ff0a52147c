/** The catalogue of feature views and the page of one, as a person uses them. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { addSample } from '../support/seed.ts'

test.setTimeout(240_000)

const open = (page: Page, engine: TestEngine, path: string) => page.goto(engine.uiUrl.replace('/#', `${path}#`))

test('L1.9: a view is found by its feature, checked, and shows who uses it', async ({ browser, page, seeded }) => {
  const { engine, projectId } = seeded
  await open(page, engine, '/')
  await page.getByRole('link', { name: 'Features', exact: true }).click()
  const table = page.getByRole('table', { name: 'Feature views' })
  const row = table.getByRole('row', { name: /origin-lateness/ })
  await expect(row).toContainText('origin_late_share')
  await expect(row).toContainText('flight operations')
  await expect(row).toContainText('3 pipelines')
  // Its SQL is run for it, so that it may come a little later.
  await expect(row).toContainText(/[\d,]+ days old/)
  await expect(row).toContainText('611,940 rows, 229 entities')
  const filter = page.getByLabel('Find a view or feature')
  await filter.fill('no such feature')
  await expect(page.getByText('No feature view is found.')).toBeVisible()
  await filter.fill('late_share origin')
  await expect(row).toBeVisible()
  await expect(page).toHaveURL(/q=late_share/)
  await lookAt(browser, engine.uiUrl, {
    name: 'features',
    path: '/features',
    prepare: (shown) => expect(shown.getByText(/^([\d,]+ days old|de [\d.]+ dias atrás)$/)).toBeVisible(),
  })

  await row.getByRole('link', { name: 'origin-lateness' }).click()
  await expect(page.getByRole('heading', { name: 'origin-lateness', level: 1 })).toBeVisible()
  const holds = page.getByRole('region', { name: 'What it holds' })
  await expect(holds).toContainText('Matches its data')
  await expect(holds).toContainText('beyond the time they are valid for')
  await expect(page.getByRole('table', { name: 'First rows' }).getByRole('row')).toHaveCount(21)
  await expect(page.getByRole('region', { name: 'Statistics of the features' })).toContainText('origin_late_share')
  const users = page.getByRole('region', { name: 'Used by' })
  await expect(users.getByRole('link', { name: 'train, step features' })).toBeVisible()
  await expect(users.getByRole('link', { name: /^flight-delay \d+$/ }).first()).toBeVisible()
  const online = page.getByRole('region', { name: 'Online store' })
  await online.getByRole('button', { name: 'Materialise now' }).click()
  await expect(online.getByRole('table', { name: 'Online store' }).getByRole('row')).toHaveCount(2)
  await expect(online).toContainText('current')
  await expect(online).toContainText('100.0%')
  await lookAt(browser, engine.uiUrl, {
    name: 'feature-view',
    path: `/features/${projectId}/origin-lateness`,
    prepare: async (shown) => {
      await expect(shown.getByRole('table', { name: /^(First rows|Primeiras linhas)$/ })).toBeVisible()
    },
  })
})

test('a change shows as another definition, and a mistake at its place', async ({ browser, page, engine }) => {
  const sample = await addSample(engine)
  const file = join(sample.path, 'features', 'origin-lateness.yaml')
  const text = readFileSync(file, 'utf8')
  const { id } = await engine.client.call('startRun', { body: { projectId: sample.id, pipeline: 'train' } })
  const step = async () =>
    (await engine.client.call('getRun', { params: { id } })).steps.find((one) => one.name === 'features')
  await expect.poll(async () => (await step())?.status, { timeout: 120_000 }).toBe('succeeded')
  await engine.client.call('cancelRun', { params: { id } })

  writeFileSync(file, text.replace('ttl: 1h', 'ttl: 90m'))
  await open(page, engine, `/features/${sample.id}/origin-lateness`)
  // An engine of its own, where nothing was materialised yet.
  await expect(page.getByRole('region', { name: 'Online store' })).toContainText('not in the online store')
  const versions = page.getByRole('list', { name: 'Definitions over time' })
  await expect(versions.getByRole('listitem')).toHaveCount(2)
  await expect(versions.getByRole('listitem').first()).toContainText('in the file')
  await expect(versions.getByRole('link', { name: '1 run' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'What changed' }).locator('.cm-changedLine').first()).toContainText(
    '90m',
  )

  await test.step('L1.9: the way back to an earlier definition, and back again', async () => {
    await versions.getByRole('listitem').last().getByRole('button').click()
    await page.getByRole('button', { name: 'Go back to this definition' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.locator('.cm-changedLine').last()).toContainText('ttl: 1h')
    await dialog.getByLabel('Reason').fill('An hour is long enough.')
    await lookAt(browser, engine.uiUrl, {
      name: 'feature-view-roll-back',
      path: new URL(page.url()).pathname + new URL(page.url()).search,
      async prepare(shown) {
        await shown.getByRole('button', { name: /^(Go back|Voltar)/ }).click()
        await expect(shown.getByRole('dialog').locator('.cm-changedLine').last()).toBeVisible()
      },
    })
    await dialog.getByRole('button', { name: 'Go back to this definition' }).click()
    await expect(page.getByText(/^origin-lateness is back at version/)).toBeVisible()
    expect(readFileSync(file, 'utf8')).toBe(text)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('ttl: 90m')
  })

  writeFileSync(file, text.replace('entity: origin', 'entity: orign'))
  await page.getByRole('button', { name: 'Check again' }).click()
  const holds = page.getByRole('region', { name: 'What it holds' })
  await expect(holds).toContainText('Does not match its data')
  await expect(holds).toContainText('features/origin-lateness.yaml:5:9')
  await expect(holds).toContainText('Did you mean "origin"?')
  await lookAt(browser, engine.uiUrl, {
    name: 'feature-view-mismatch',
    path: `/features/${sample.id}/origin-lateness`,
    prepare: async (shown) => {
      await expect(shown.getByText(/Did you mean|Você quis dizer/)).toBeVisible()
    },
  })

  writeFileSync(file, text.replace('ttl: 1h', 'ttl: soon'))
  await open(page, engine, '/features')
  await expect(page.getByRole('region', { name: 'Files with problems' })).toContainText(
    'features/origin-lateness.yaml:10:6',
  )
})

test('without a project the page says how to begin', async ({ browser, engine }) => {
  await lookAt(browser, engine.uiUrl, { name: 'empty-features', path: '/features' })
})
