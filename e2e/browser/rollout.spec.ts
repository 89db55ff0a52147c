/** The Rollout side of an endpoint: a canary started by a form, watched under real requests, and ended. */
import type { Page } from '@playwright/test'
import type { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { testRows, twoVersions } from '../support/seed.ts'

test.setTimeout(300_000)

const path = '/endpoints/flight-delay?tab=rollout'
const open = (page: Page, engine: TestEngine) => page.goto(engine.uiUrl.replace('/#', `${path}#`))

test('a canary is started, gets its share of real requests, and is aborted', async ({ browser, page, engine }) => {
  await twoVersions(engine)
  await open(page, engine)
  await expect(page.getByRole('heading', { name: 'No rollout yet' })).toBeVisible()
  await page.getByRole('button', { name: 'Start a rollout' }).click()
  const dialog = page.getByRole('dialog', { name: 'Rollout at flight-delay' })
  await dialog.getByLabel('Shares, in %').fill('80, 20')
  await expect(dialog.getByRole('button', { name: 'Start', exact: true })).toBeDisabled()
  await dialog.getByLabel('Shares, in %').fill('50')
  await dialog.getByLabel('At least').fill('1h')
  await dialog.getByLabel('Reason').fill('Trained on one month alone.')
  await dialog.getByRole('button', { name: 'Start', exact: true }).click()

  const running = page.getByRole('region', { name: /^Canary of version 2/ })
  await expect(running).toContainText('Under way')
  await expect(running).toContainText('Version 2 answers 50.0%, version 1 50.0%.')
  for (const row of await testRows(engine, 'flight-delay', 1, 60)) {
    await engine.client.call('predict', { params: { name: 'flight-delay' }, body: { rows: [row] } })
  }
  const figures = running.getByRole('table', { name: 'Both versions since the step began' })
  await expect(figures.getByRole('row', { name: /^New version 2 [1-9]/ })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('Trained on one month alone.').first()).toBeVisible()
  await lookAt(browser, engine.uiUrl, { name: 'rollout', path })
  await lookAt(browser, engine.uiUrl, {
    name: 'rollout-below',
    path: '/endpoints/flight-delay?tab=rollout',
    prepare: async (shown) => {
      await shown.getByRole('table').last().scrollIntoViewIfNeeded()
    },
  })

  await running.getByRole('button', { name: 'Abort' }).click()
  await expect(running).toContainText('Aborted')
  await expect(page.getByRole('region', { name: 'What was done' })).toContainText('50.0% → 0.0% of the traffic')
  const { revision } = await engine.client.call('getEndpoint', { params: { name: 'flight-delay' } })
  expect(revision?.version).toBe(1)
  await expect(page.getByRole('button', { name: 'Start a rollout' })).toBeVisible()
})
