/** From nothing to a running project. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'

test.setTimeout(240_000)

const rows = 1_500

/** Customers of whom those with a monthly contract and many calls leave more often; an id, and a column that is always the same. */
async function writeCustomers(folder: string): Promise<string> {
  const path = join(folder, 'Customers 2026.csv')
  const lines = Array.from({ length: rows }, (_, index) => {
    const monthly = (index * 7) % 3 === 0
    const calls = (index * 13) % 11
    const left = Number((monthly ? 4 : 0) + calls + ((index * 31) % 5) > 9)
    return `c${index},${monthly ? 'monthly' : 'yearly'},${calls},${20 + ((index * 17) % 60)},EUR,${left ? 'yes' : 'no'}`
  })
  await writeFile(path, `id,contract,calls,price,currency,left\n${lines.join('\n')}\n`)
  return path
}

async function giveFile(page: Page, path: string): Promise<void> {
  await page.locator('input[type="file"]').setInputFiles(path)
  await expect(page.getByRole('table', { name: /First rows of the file|Primeiras linhas do arquivo/ })).toBeVisible()
  await expect(page.getByRole('switch').first()).toBeVisible()
}

test('from a data file to a model in service', async ({ page, engine }) => {
  const file = await writeCustomers(engine.home)
  await page.goto(engine.uiUrl)
  await page.getByRole('link', { name: 'From a data file' }).click()
  await giveFile(page, file)
  await expect(page.getByRole('combobox', { name: 'Predict' })).toHaveValue('left')
  await expect(page.getByRole('combobox', { name: 'Task' })).toHaveValue('Binary classification')
  await expect(page.getByRole('textbox', { name: 'Name of the project' })).toHaveValue('customers-2026')
  await expect(page.getByRole('switch', { name: 'Use id' })).not.toBeChecked()
  await expect(page.getByRole('switch', { name: 'Use currency' })).not.toBeChecked()
  await expect(page.getByRole('switch', { name: 'Use contract' })).toBeChecked()
  await page.getByRole('switch', { name: 'Use price' }).uncheck({ force: true })
  await page.getByRole('button', { name: 'Make the project and run it' }).click()
  await expect(page.locator('h1 [data-status="succeeded"]')).toBeVisible({ timeout: 120_000 })

  const { inputs } = (await engine.client.call('listModelVersions', { params: { name: 'customers-2026' }, query: {} }))
    .items[0]?.signature ?? { inputs: [] }
  expect(inputs.map(({ name }) => name).sort()).toEqual(['calls', 'contract'])
})

test('a file that is no data says so, and another target changes what is inferred', async ({ page, engine }) => {
  const file = await writeCustomers(engine.home)
  const broken = join(engine.home, 'broken.parquet')
  await writeFile(broken, 'this is not parquet')
  await page.goto(engine.uiUrl.replace('/#', `/start?file=${encodeURIComponent(broken)}#`))
  await expect(page.getByRole('main').getByRole('alert')).toContainText('broken.parquet')

  await page.goto(`${engine.controlUrl}/start?file=${encodeURIComponent(file)}`)
  await page.getByRole('combobox', { name: 'Predict' }).click()
  await page.getByRole('option', { name: 'price' }).click()
  await expect(page.getByRole('combobox', { name: 'Task' })).toHaveValue('Regression')
})

test('the start pages to look at', async ({ browser, engine }) => {
  const file = await writeCustomers(engine.home)
  await lookAt(browser, engine.uiUrl, { name: 'start', path: '/start' })
  await lookAt(browser, engine.uiUrl, { name: 'start-folder', path: '/start?folder=' })
  await lookAt(browser, engine.uiUrl, {
    name: 'start-file',
    path: `/start?file=${encodeURIComponent(file)}`,
    prepare: (page) => expect(page.getByRole('switch').first()).toBeVisible(),
  })
})
