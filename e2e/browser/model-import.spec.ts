/** A model that was made elsewhere, brought in by a form. */
import { join } from 'node:path'
import { appRoot } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { expectAccessible, lookAt } from '../support/pages.ts'
import { addSample } from '../support/seed.ts'

test.setTimeout(240_000)

const onnx = join(appRoot, 'resources/samples/flight-delay/models/lateness.onnx')

test('an ONNX file becomes a version; what does not fit is told at its field', async ({ browser, page, engine }) => {
  await addSample(engine)
  await lookAt(browser, engine.uiUrl, {
    name: 'model-import',
    path: '/models?import=onnx',
    prepare: async (shown) => {
      await shown.locator('input[type=file]').setInputFiles(onnx)
      await shown.getByRole('combobox', { name: /^(Inputs|Entradas)$/ }).pressSequentially('distance,origin,')
      await expect(shown.getByRole('combobox', { name: /^(May be missing|Podem faltar)$/ })).toBeVisible()
    },
  })

  await page.goto(engine.uiUrl.replace('/#', '/models#'))
  await page.getByRole('button', { name: 'Import a model…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import an ONNX model' })
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  await page.locator('input[type=file]').setInputFiles(onnx)
  await expect(dialog.getByRole('combobox', { name: 'Model' })).toHaveValue('lateness')
  await dialog.getByRole('combobox', { name: 'Model' }).fill('from outside')
  await expect(dialog).toContainText('Must start with a letter or digit')
  await dialog.getByRole('combobox', { name: 'Model' }).fill('flight-delay-sklearn')
  await dialog.getByRole('textbox', { name: 'Target' }).fill('late')
  await dialog.getByRole('combobox', { name: 'Classes' }).pressSequentially('false,true,')
  await dialog.getByRole('combobox', { name: 'Inputs' }).pressSequentially('weather,')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog).toContainText('The graph has no input "weather"; it has distance, origin, destination.', {
    timeout: 60_000,
  })
  await expectAccessible(page)
  await page.screenshot({ path: 'e2e/screenshots/model-import-problem.png' })
  await expect(dialog.getByRole('link', { name: 'The run that failed' })).toBeVisible()
  await dialog.getByRole('combobox', { name: 'Inputs' }).press('Backspace')
  await dialog.getByRole('combobox', { name: 'Alias' }).fill('champion')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog).toContainText('Version 1 of flight-delay-sklearn is registered.', { timeout: 60_000 })
  await expectAccessible(page)
  await page.screenshot({ path: 'e2e/screenshots/model-import-done.png' })
  await dialog.getByRole('link', { name: 'Open version 1' }).click()
  await expect(page).toHaveURL(/\/models\/flight-delay-sklearn\/1/)
  const { signature, aliases } = await engine.client.call('getModelVersion', {
    params: { name: 'flight-delay-sklearn', version: 1 },
  })
  expect([signature.target, signature.classes, aliases]).toEqual(['late', ['false', 'true'], ['champion']])
})

test('an ONNX file that is dropped anywhere opens the import', async ({ page, engine }) => {
  await addSample(engine)
  await page.goto(engine.uiUrl)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.evaluate(`{
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['model'], 'My model.onnx'))
    window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }))
  }`)
  const dialog = page.getByRole('dialog', { name: 'Import an ONNX model' })
  await expect(dialog.getByRole('combobox', { name: 'Model' })).toHaveValue('My-model')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  // What is no model at all is told in the form, with what was found.
  await expect(dialog.getByRole('alert')).toBeVisible({ timeout: 60_000 })
})
