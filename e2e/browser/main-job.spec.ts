import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from '../support/fixtures.ts'

test.setTimeout(240_000)

test('from the sample to a prediction, as a person does it', async ({ page, engine }) => {
  await page.goto(engine.uiUrl)
  await page.getByRole('button', { name: 'Open the sample' }).click()
  await page.getByRole('button', { name: 'Run train', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Run train' })
  await expect(dialog.getByLabel('Use the step cache')).toBeChecked()
  await dialog.getByRole('button', { name: 'Start the run' }).click()

  // The graph follows the run step by step.
  const graph = page.getByRole('region', { name: 'Steps of the run as a graph' })
  await expect(graph.getByText('extract', { exact: true })).toBeVisible()
  await expect(graph.locator('[data-status="running"]').first()).toBeVisible()
  await page.getByRole('tab', { name: 'Log' }).click()
  await expect(page.getByRole('log').locator('[data-level]').first()).toBeVisible()
  await expect(page.locator('h1 [data-status="succeeded"]')).toBeVisible({ timeout: 180_000 })
  await expect(graph.locator('[data-status="succeeded"]')).toHaveCount(10)

  await page.getByRole('tab', { name: 'Metrics' }).click()
  await expect(page.getByRole('region', { name: 'Metrics of the run' }).getByText('auc')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Learning curves' }).getByRole('img').first()).toBeVisible()

  await test.step('the version and why it was accepted', async () => {
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByRole('link', { name: 'flight-delay', exact: true }).first().click()
    await expect(page.getByRole('table', { name: 'Versions' }).getByText('Accepted by the gate')).toBeVisible()
    await page.getByRole('button', { name: 'Move alias' }).click()
    const move = page.getByRole('dialog')
    await move.getByLabel('Alias').fill('reviewed')
    await move.getByLabel('Reason').fill('Looked at by a person.')
    await move.getByRole('button', { name: 'Move', exact: true }).click()
    await expect(move).toBeHidden()
    await expect(page.getByRole('table', { name: 'Alias history' }).getByText('Looked at by a person.')).toBeVisible()
  })

  await test.step('the endpoint answers the command that the page shows', async () => {
    await page.getByRole('link', { name: 'Endpoints', exact: true }).click()
    await page.getByRole('link', { name: 'flight-delay', exact: true }).click()
    await expect(page.locator('h1 [data-status="ready"]')).toBeVisible()
    const command = await page.getByRole('region', { name: 'curl' }).locator('code').textContent()
    const { stdout } = await promisify(execFile)('sh', ['-c', command ?? ''])
    expect(JSON.parse(stdout)).toMatchObject({ predictions: [{}] })
  })
})

test('a failed run says what happened and what to do, and can be retried', async ({ page, seeded }) => {
  await page.goto(`${seeded.engine.uiUrl.replace('#', `runs/${seeded.failed.id}#`)}`)
  const alert = page.getByRole('main').getByRole('alert')
  await expect(alert).toContainText('no_such_column')
  await expect(page.getByRole('table', { name: 'Steps' }).getByText('Failed', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Retry failed steps' }).click()
  await expect(page.locator('h1 [data-status="failed"]')).toBeVisible()
  await page.getByRole('button', { name: 'extract', exact: true }).click()
  await expect(page).toHaveURL(/step=extract/)
})

test('the main job needs no mouse', async ({ page, engine }) => {
  await page.goto(engine.uiUrl)
  await expect(page.getByRole('button', { name: 'Open the sample' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Skip to content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Open the sample' })).toBeFocused()
  await page.keyboard.press('Enter')
  const run = page.getByRole('button', { name: 'Run train', exact: true })
  await expect(run).toBeVisible()
  await run.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(run).toBeFocused()
})
