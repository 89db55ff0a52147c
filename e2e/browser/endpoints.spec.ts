/** The controls of an endpoint, as a person uses them. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import type { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { twoVersions } from '../support/seed.ts'

test.setTimeout(240_000)
const run = promisify(execFile)

const open = (page: Page, engine: TestEngine) => page.goto(engine.uiUrl.replace('/#', '/endpoints/flight-delay#'))
const serving = (page: Page) => page.getByRole('region', { name: 'Serving now' })

test('promote, roll back in one click, and go forward again', async ({ browser, page, engine }) => {
  await twoVersions(engine)
  await open(page, engine)
  await expect(serving(page).getByRole('link', { name: 'flight-delay 1' })).toBeVisible()

  await page.getByRole('button', { name: 'Deploy a version' }).click()
  const dialog = page.getByRole('dialog', { name: 'Deploy to flight-delay' })
  await expect(dialog.getByRole('table', { name: 'Metrics' }).getByText('auc')).toBeVisible()
  await dialog.getByLabel('Reason').fill('Trained on the newest month.')
  await dialog.getByRole('button', { name: 'Deploy', exact: true }).click()
  await expect(serving(page).getByRole('link', { name: 'flight-delay 2' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Revisions' }).getByText('Trained on the newest month.')).toBeVisible()

  await page.getByRole('button', { name: 'Roll back', exact: true }).click()
  await expect(serving(page).getByRole('link', { name: 'flight-delay 1' })).toBeVisible()
  const notice = page.getByRole('region', { name: 'Notices' }).getByText(/^Rolled back/)
  await expect(notice).toBeVisible()
  await notice.locator('..').getByRole('button', { name: 'Undo' }).click()
  await expect(serving(page).getByRole('link', { name: 'flight-delay 2' })).toBeVisible()

  await page.getByRole('button', { name: 'Roll back to 1', exact: true }).click()
  await expect(serving(page).getByRole('link', { name: 'flight-delay 1' })).toBeVisible()
  await lookAt(browser, engine.uiUrl, {
    name: 'endpoints-deploy',
    path: '/endpoints/flight-delay',
    prepare: async (shown) => {
      await shown.getByRole('button', { name: /^(Deploy a version|Implantar uma versão)$/ }).click()
      await expect(shown.getByRole('dialog').getByRole('table')).toBeVisible()
    },
  })
})

test('a prediction by form, with usual values, a test row and a mistake', async ({ page, seeded }) => {
  await open(page, seeded.engine)
  const form = page.getByRole('form', { name: 'Try a prediction' })
  await expect(form.getByLabel('distance')).not.toHaveValue('')
  await form.getByRole('button', { name: 'Predict' }).click()
  const result = page.getByRole('region', { name: 'Prediction', exact: true })
  await expect(result.getByRole('table', { name: 'Probability of each class' }).getByRole('row')).toHaveCount(2)
  await expect(result).toContainText(/Answered by revision \d+ \(version \d+\) in .* ms\./)
  await page.getByRole('button', { name: 'Why?' }).click()
  const why = page.getByRole('region', { name: 'What each input contributed' })
  await expect(why).toContainText(/The probability of true is [\d.]+%; of the training rows it is [\d.]+% on average/)
  await expect(why.getByRole('row', { name: /^distance \d+ [+−][\d.]+%$/ })).toBeVisible()

  await form.getByLabel('distance').fill('far')
  await form.getByRole('button', { name: 'Predict' }).click()
  await expect(form.getByText('This is not a number.')).toBeVisible()
  await form.getByRole('button', { name: 'Fill from a random test row' }).click()
  await expect(form.getByLabel('distance')).toHaveValue(/^\d+$/)
  await form.getByRole('button', { name: 'Predict' }).click()
  await expect(form.getByText('This is not a number.')).toBeHidden()
})

test('L1.9: an input is filled from the feature store, and the answer says with what', async ({ page, seeded }) => {
  const { engine, projectId } = seeded
  const params = { id: projectId, name: 'origin-lateness' }
  await engine.client.call('materializeFeatures', { params, body: { until: '2001-01-16T19:30:00Z', full: true } })
  await open(page, engine)
  const form = page.getByRole('form', { name: 'Try a prediction' })
  await expect(form.getByLabel('origin_late_share')).toHaveValue('')
  await expect(form).toContainText('Left empty, it is filled from origin-lateness by origin.')
  await form.getByLabel('date').fill('2001-01-16T19:45:00Z')
  await form.getByRole('combobox', { name: 'origin', exact: true }).fill('ORD')
  await form.getByRole('button', { name: 'Predict' }).click()
  const filled = page.getByRole('table', { name: 'Filled from the feature store' })
  await expect(
    filled.getByRole('row', { name: /^origin_late_share ORD fresh origin-lateness, .* old [\d.]+$/ }),
  ).toBeVisible()
  await form.getByRole('combobox', { name: 'origin', exact: true }).fill('XXX')
  await form.getByRole('button', { name: 'Predict' }).click()
  await expect(filled).toContainText('origin-lateness has no value for this entity.')
  await engine.client.call('materializeFeatures', { params, body: { full: true } })
})

test('the snippets run and answer, with the values of the form', async ({ page, seeded }) => {
  await open(page, seeded.engine)
  await page.getByLabel('distance').fill('321')
  const code = async (name: string) => {
    await page.getByRole('tab', { name }).click()
    return (await page.getByRole('region', { name, exact: true }).locator('code').textContent()) ?? ''
  }
  const curl = await code('curl')
  expect(curl).toContain('"distance": 321')
  expect(JSON.parse((await run('sh', ['-c', curl])).stdout)).toMatchObject({ predictions: [{}] })
  const openInference = JSON.parse((await run('sh', ['-c', await code('Open Inference v2')])).stdout)
  expect(openInference).toMatchObject({ model_name: 'flight-delay', outputs: [{ name: 'label' }, {}, {}] })
  const script = join(seeded.engine.home, 'ask.mts')
  await writeFile(script, await code('TypeScript'))
  expect((await run(process.execPath, [script])).stdout).toContain('probabilities')
  const python = await code('Python')
  const version = await run('python3', ['--version']).catch(() => undefined)
  test.info().annotations.push({ type: 'python3', description: version?.stdout.trim() ?? 'not installed: not run' })
  if (version !== undefined) expect((await run('python3', ['-c', python])).stdout).toContain("'probabilities'")
})

test('a key is made, asked for, used and revoked', async ({ browser, page, engine }) => {
  await twoVersions(engine)
  await open(page, engine)
  const ask = async (headers: Record<string, string> = {}) => {
    const { url } = await engine.client.call('getEndpoint', { params: { name: 'flight-delay' } })
    const options = { method: 'POST', body: '{"rows":[]}', headers: { 'content-type': 'application/json', ...headers } }
    return (await fetch(url ?? '', options)).status
  }
  const access = page.getByRole('region', { name: 'Access' })
  await expect(access.getByRole('switch', { name: 'Ask for a key' })).toBeDisabled()
  await access.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog', { name: 'New key' })
  await dialog.getByLabel('For').fill('The shop')
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const key = (await dialog.getByRole('region', { name: 'Key' }).locator('code').textContent()) ?? ''
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await access.getByRole('switch', { name: 'Ask for a key' }).press(' ')
  await expect(page.getByRole('region', { name: 'Notices' }).getByText('The access was changed.')).toBeVisible()
  // No rows is a fault of the request: whoever hears of it has passed.
  expect([await ask(), await ask({ authorization: `Bearer ${key}` })]).toEqual([401, 400])
  await expect(page.getByText('with the key in ESTEIRA_KEY')).toBeVisible()
  // The page itself asks through the engine.
  await page.getByRole('form', { name: 'Try a prediction' }).getByRole('button', { name: 'Predict' }).click()
  await expect(page.getByRole('region', { name: 'Prediction', exact: true })).toContainText('Answered by')
  await lookAt(browser, engine.uiUrl, {
    name: 'endpoints-access',
    path: '/endpoints/flight-delay',
    prepare: (shown) => shown.getByRole('table', { name: /^(Keys|Chaves)$/ }).scrollIntoViewIfNeeded(),
  })
  await access.getByRole('button', { name: 'Revoke the key for The shop' }).click()
  await expect(access.getByRole('row', { name: /The shop/ })).toContainText('Revoked')
  expect(await ask({ authorization: `Bearer ${key}` })).toBe(401)
})

test('a version beyond the budget is refused, and its figures tell why', async ({ browser, page, seeded }) => {
  const { engine } = seeded
  const params = { name: 'flight-delay' }
  await open(page, engine)
  const checks = page.getByRole('table', { name: 'Infrastructure checks' })
  await expect(checks.getByRole('row', { name: /flight-delay 1 Passed .* 16 answered as recorded/ })).toBeVisible()
  const memory = page.getByRole('region', { name: 'Budget' }).getByLabel('Memory')
  await memory.fill('0.01')
  await memory.press('Enter')
  await expect(page.getByRole('region', { name: 'Notices' }).getByText('The budget was changed.')).toBeVisible()
  await expect(engine.client.call('rollBack', { params, body: { revision: 1 } })).rejects.toThrow(/of memory/)
  await page.reload()
  await expect(checks.getByRole('row', { name: /flight-delay 1 Refused .* MB of 0.01 MB$/ })).toBeVisible()
  await lookAt(browser, engine.uiUrl, {
    name: 'endpoints-infrastructure',
    path: '/endpoints/flight-delay',
    prepare: (shown) => shown.getByRole('table').last().scrollIntoViewIfNeeded(),
  })
  await memory.fill('4096')
  await memory.blur()
  await expect.poll(async () => (await engine.client.call('getEndpointBudget', { params })).memoryMb).toBe(4096)
})

test('requests appear in the live figures', async ({ browser, page, seeded }) => {
  await open(page, seeded.engine)
  const form = page.getByRole('form', { name: 'Try a prediction' })
  for (let asked = 0; asked < 5; asked++) {
    await form.getByRole('button', { name: 'Predict' }).click()
    await expect(page.getByRole('region', { name: 'Prediction', exact: true })).toContainText('Answered by')
  }
  await expect(page.getByRole('img', { name: /^Requests and errors per second/ }).locator('canvas')).toBeVisible()
  const traffic = page.getByRole('region', { name: 'Traffic' })
  await traffic.getByText('7 days', { exact: true }).click()
  await expect(page).toHaveURL(/traffic=week/)
  await expect(
    page
      .getByRole('img', { name: /steps of 1h/ })
      .first()
      .locator('canvas'),
  ).toBeVisible()
  await traffic.getByText('Numbers of this chart').first().click()
  const byHour = traffic.getByRole('table', { name: /^Requests and errors/ })
  await expect(byHour.getByRole('row').nth(1).getByRole('cell').nth(1)).toHaveText(/^\d+$/)
  await page.getByRole('link', { name: 'Endpoints', exact: true }).first().click()
  const row = page.getByRole('row', { name: /flight-delay/ })
  await expect(row.getByText(/^[1-9]?\d*\.?\d+ ms$/)).toBeVisible()
  const { client } = seeded.engine
  const params = { name: 'flight-delay' }
  const { signature } = (await client.call('getModelVersion', { params: { ...params, version: 1 } })).manifest
  const usual = Object.fromEntries(signature.inputs.map(({ name, typical }) => [name, typical ?? null]))
  for (let asked = 0; asked < 200; asked++) await client.call('predict', { params, body: { rows: [usual] } })
  await lookAt(browser, seeded.engine.uiUrl, { name: 'endpoints', path: '/endpoints' })
  await lookAt(browser, seeded.engine.uiUrl, {
    name: 'endpoint-history',
    path: '/endpoints/flight-delay?traffic=day',
    prepare: (shown) => expect(shown.locator('figure canvas').first()).toBeVisible(),
  })
  await lookAt(browser, seeded.engine.uiUrl, {
    name: 'endpoints-predicted',
    path: '/endpoints/flight-delay',
    prepare: async (shown) => {
      await expect(shown.locator('figure canvas').first()).toBeVisible()
      await shown.getByRole('button', { name: /^(Predict|Prever)$/ }).click()
      await expect(shown.getByRole('table', { name: /^(Probability of|Probabilidade de)/ })).toBeVisible()
      await shown.getByRole('button', { name: /^(Why\?|Por quê\?)$/ }).click()
      await expect(shown.getByRole('table', { name: /^(What each input|Quanto cada entrada)/ })).toBeVisible()
    },
  })
})
