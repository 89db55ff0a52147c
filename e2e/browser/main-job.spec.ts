import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'

test.setTimeout(300_000)

/** Sets the epochs of the step "train" on the canvas, saves, and starts the run. */
async function trainFor(page: Page, epochs: number): Promise<void> {
  await page.locator('.react-flow__node[data-id="train"]').click()
  await page
    .getByRole('region', { name: 'Settings', exact: true })
    .getByLabel('epochs', { exact: true })
    .fill(`${epochs}`)
  await expect(page.getByRole('textbox', { name: 'Text of pipelines/train.yaml' })).toContainText(`epochs: ${epochs}`)
  await page.getByRole('button', { name: 'Save and run' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run train' })
  await expect(dialog.getByLabel('Use the step cache')).toBeChecked()
  await dialog.getByRole('button', { name: /Start the run|Save and start/ }).click()
}

const ended = (page: Page) => expect(page.locator('h1 [data-status="succeeded"]')).toBeVisible({ timeout: 180_000 })

test('the whole main job, as a person does it', async ({ page, engine }) => {
  await page.goto(engine.uiUrl)
  await page.getByRole('button', { name: 'Open the sample' }).click()

  await test.step('an option is edited on the canvas, and the pipeline runs', async () => {
    await page.getByRole('main').getByRole('link', { name: 'train', exact: true }).click()
    await trainFor(page, 12)
    // The graph follows the run step by step.
    const graph = page.getByRole('region', { name: 'Steps of the run as a graph' })
    await expect(graph.getByText('extract', { exact: true })).toBeVisible()
    await expect(graph.locator('[data-status="running"]').first()).toBeVisible()
    await page.getByRole('tab', { name: 'Log' }).click()
    await expect(page.getByRole('log').locator('[data-level]').first()).toBeVisible()
    await ended(page)
    await expect(graph.locator('[data-status="succeeded"]')).toHaveCount(11)
    await page.getByRole('tab', { name: 'Metrics' }).click()
    await expect(page.getByRole('region', { name: 'Metrics of the run' }).getByText('auc')).toBeVisible()
    await expect(page.getByRole('region', { name: 'Learning curves' }).getByRole('img').first()).toBeVisible()
  })

  await test.step('the validation report is read', async () => {
    await page.getByRole('link', { name: 'Overview', exact: true }).click()
    await page.getByRole('link', { name: 'Matches its schema' }).click()
    await expect(page.getByRole('main')).toContainText('schemas/flights.yaml')
    await expect(page.getByRole('main')).toContainText(/matches/i)
  })

  await test.step('a worse model is trained, and the gate says why it stays out', async () => {
    await page.getByRole('link', { name: 'Pipelines', exact: true }).click()
    await page.getByRole('main').getByRole('link', { name: 'train', exact: true }).first().click()
    await trainFor(page, 1)
    await ended(page)
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByRole('link', { name: 'flight-delay', exact: true }).first().click()
    const versions = page.getByRole('table', { name: 'Versions' })
    await expect(versions.getByText('Accepted by the gate')).toBeVisible()
    await expect(versions.getByText('Rejected by the gate')).toBeVisible()
  })

  await test.step('it is promoted by hand, asked, and rolled back', async () => {
    await page.getByRole('link', { name: 'Endpoints', exact: true }).click()
    await page.getByRole('link', { name: 'flight-delay', exact: true }).first().click()
    const serving = page.getByRole('region', { name: 'Serving now' })
    await expect(serving.getByRole('link', { name: 'flight-delay 1' })).toBeVisible()
    await page.getByRole('button', { name: 'Deploy a version' }).click()
    const dialog = page.getByRole('dialog', { name: 'Deploy to flight-delay' })
    await dialog.getByLabel('Reason').fill('To see what it says.')
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click()
    await expect(serving.getByRole('link', { name: 'flight-delay 2' })).toBeVisible()

    const form = page.getByRole('form', { name: 'Try a prediction' })
    await form.getByRole('button', { name: 'Predict' }).click()
    await expect(page.getByRole('region', { name: 'Prediction', exact: true })).toContainText('Answered by')
    const command = await page.getByRole('region', { name: 'curl', exact: true }).locator('code').textContent()
    const { stdout } = await promisify(execFile)('sh', ['-c', command ?? ''])
    expect(JSON.parse(stdout)).toMatchObject({ predictions: [{}] })

    await page.getByRole('button', { name: 'Roll back', exact: true }).click()
    await expect(serving.getByRole('link', { name: 'flight-delay 1' })).toBeVisible()
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
