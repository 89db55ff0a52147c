/** What surrounds every page: the palette, the keys, the project switcher. */
import type { Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'

const openPalette = async (page: Page) => {
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('combobox', { name: /Commands|Comandos/ })).toBeFocused()
}

test('the palette leads to pages, things and acts by keyboard alone', async ({ page, seeded }) => {
  await page.goto(seeded.engine.uiUrl)
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await openPalette(page)
  await page.keyboard.type('mod')
  await expect(page.getByRole('option').first()).toContainText('Models')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible()

  await openPalette(page)
  await page.keyboard.type('run train')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Run train' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()

  await openPalette(page)
  await page.keyboard.type(seeded.succeeded.id.slice(-6))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(seeded.succeeded.id))

  await openPalette(page)
  await page.keyboard.type('no such thing at all')
  await expect(page.getByText('Nothing matches.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('combobox', { name: 'Commands' })).toBeHidden()
})

test('the keys go to pages, but not while a person writes', async ({ page, seeded }) => {
  await page.goto(seeded.engine.uiUrl)
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('e')
  await expect(page.getByRole('heading', { level: 1, name: 'Endpoints' })).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await openPalette(page)
  await page.keyboard.type('gr?')
  await expect(page.getByRole('combobox', { name: 'Commands' })).toHaveValue('gr?')
  expect(new URL(page.url()).pathname).toBe('/endpoints')
})

test('the project switcher narrows the overview, here and after a reload', async ({ page, seeded }) => {
  await page.goto(seeded.engine.uiUrl)
  const attention = page.getByRole('region', { name: 'Needs attention' })
  await expect(attention.getByText('Run of wrong-query failed')).toBeVisible()
  await expect(attention.getByText('Pipeline mistaken has problems')).toBeVisible()
  await page.getByRole('combobox', { name: 'Project shown' }).click()
  await page.getByRole('option', { name: 'flight-delay' }).click()
  await expect(page.getByText('Nothing needs your attention.')).toBeVisible()
  await page.reload()
  await expect(page.getByText('Nothing needs your attention.')).toBeVisible()
  await page.getByRole('combobox', { name: 'Project shown' }).click()
  await page.getByRole('option', { name: 'All projects' }).click()
  await expect(attention).toBeVisible()
})

test('the palette and the keys to look at', async ({ browser, seeded }) => {
  await lookAt(browser, seeded.engine.uiUrl, { name: 'palette', path: '/', prepare: openPalette })
  await lookAt(browser, seeded.engine.uiUrl, {
    name: 'shortcuts',
    path: '/',
    prepare: async (page) => {
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  })
})
