/** The request log of an endpoint, as a person looks into it. */
import type { Page } from '@playwright/test'
import type { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { addSample, runToEnd } from '../support/seed.ts'

test.setTimeout(240_000)

const name = 'flight-delay'
const tab = '/endpoints/flight-delay?tab=requests'
const open = (page: Page, engine: TestEngine, path = tab) => page.goto(engine.uiUrl.replace('/#', `${path}#`))

/** An endpoint that answered some requests, one of which was refused, with labels for two. */
async function askedEndpoint(engine: TestEngine): Promise<void> {
  const { client } = engine
  const sample = await addSample(engine)
  await runToEnd(engine, sample.id, 'train')
  const { inferenceUrl } = await client.call('getEngine')
  const ask = (id: string, rows: unknown[]) =>
    fetch(`${inferenceUrl}/models/${name}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': id },
      body: JSON.stringify({ rows }),
    })
  const { signature } = await client.call('getModelVersion', { params: { name, version: 1 } })
  const row = Object.fromEntries(signature.inputs.map(({ name: input, typical }) => [input, typical]))
  for (let index = 1; index <= 40; index++) expect((await ask(`order-${index}`, [row])).status).toBe(200)
  expect((await ask('order-bad', [{ nothing: 1 }])).status).toBe(422)
  await client.call('sendFeedback', { params: { name }, body: { id: 'order-1', label: true } })
  await client.call('sendFeedback', { params: { name }, body: { id: 'order-2', label: false } })
  const logged = () => client.call('listRequests', { params: { name }, query: { id: 'order' } })
  await expect.poll(async () => (await logged()).items.length).toBe(41)
}

test('requests are found, opened down to their row, labelled, and how they are logged is changed', async ({
  browser,
  page,
  engine,
}) => {
  await askedEndpoint(engine)
  await open(page, engine)
  const table = page.getByRole('table', { name: 'Requests' })
  await expect(table.getByRole('button', { name: 'order-40', exact: true })).toBeVisible()

  await page.getByText('Errors', { exact: true }).click()
  await expect(table.getByText('input-invalid')).toBeVisible()
  await expect(table.getByRole('button', { name: 'order-40', exact: true })).toBeHidden()
  await page.getByText('Wrong', { exact: true }).click()
  await expect(table.getByRole('button', { name: /^order-[12]$/ })).toHaveCount(1)
  await page.getByText('All', { exact: true }).click()

  await page.getByLabel('Part of an id').fill('order-17')
  await table.getByRole('button', { name: 'order-17', exact: true }).click()
  const drawer = page.getByRole('dialog', { name: 'One request' })
  await expect(drawer.getByRole('link', { name: 'flight-delay 1' })).toBeVisible()
  await expect(drawer.getByRole('table', { name: 'Inputs' }).getByText('distance')).toBeVisible()
  await expect(drawer.getByRole('link', { name: 'train' })).toBeVisible()
  await drawer.getByRole('button', { name: 'Why?' }).click()
  await expect(drawer.getByRole('region', { name: 'What each input contributed' }).getByRole('table')).toBeVisible()
  await drawer.getByLabel('What was true').click()
  await page.getByRole('option', { name: 'true' }).click()
  await drawer.getByRole('button', { name: 'Store the label' }).click()
  await expect(drawer.getByRole('table', { name: 'Labels as they came' }).getByText('true')).toBeVisible()

  // What is opened can be shared.
  await open(page, engine, `${tab}&request=0:order-2`)
  await expect(page.getByRole('dialog', { name: 'One request' }).getByText('order-2')).toBeVisible()
  await lookAt(browser, engine.uiUrl, {
    name: 'requests',
    path: tab,
    prepare: async (shown) => {
      await expect(shown.getByRole('button', { name: 'order-40', exact: true })).toBeVisible()
    },
  })
  await lookAt(browser, engine.uiUrl, {
    name: 'requests-one',
    path: `${tab}&request=0:order-2`,
    prepare: async (shown) => {
      await expect(shown.getByRole('dialog').getByRole('table').first()).toBeVisible()
    },
  })

  await open(page, engine)
  await page.getByRole('link', { name: 'Ask with SQL' }).click()
  const editor = page.getByRole('textbox', { name: 'Query' })
  await expect(page.getByText('input_distance')).toBeVisible()
  await editor.fill('select label, count(*) as n from requests where label is not null group by all order by label')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('row', { name: '2 true 2' })).toBeVisible()
  await lookAt(browser, engine.uiUrl, {
    name: 'requests-sql',
    path: '/endpoints/flight-delay/sql',
    prepare: async (shown) => {
      await shown.getByRole('button', { name: /^(Run|Executar)$/ }).click()
      await expect(shown.getByRole('gridcell', { name: 'order-40' })).toBeVisible()
    },
  })

  await open(page, engine, '/endpoints/flight-delay')
  const panel = page.getByRole('region', { name: 'Request log' })
  await panel.getByLabel('Never write').fill('distance')
  await panel.getByLabel('Never write').press('Enter')
  await expect
    .poll(async () => (await engine.client.call('getRequestLog', { params: { name } })).settings.redact)
    .toEqual(['distance'])
  await panel.getByRole('switch', { name: 'Log requests' }).click({ force: true })
  await expect
    .poll(async () => (await engine.client.call('getRequestLog', { params: { name } })).settings.on)
    .toBe(false)
})
