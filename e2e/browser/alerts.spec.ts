/** Alerts, as someone sees them whom a notification has led here. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { storeAlerts } from '../support/alerts.ts'
import { expect, test } from '../support/fixtures.ts'
import { expectAccessible, lookAt } from '../support/pages.ts'

const waitMs = 60_000

test('without alerts the page teaches what raises one', async ({ browser, engine }) => {
  await lookAt(browser, engine.uiUrl, { name: 'alerts-empty', path: '/alerts' })
})

test('an alert is found by the bell, told to a webhook, acknowledged with a note', async ({
  browser,
  page,
  engine,
}) => {
  await storeAlerts(engine, { model: null, version: null })
  const types: string[] = []
  const receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      types.push(`${JSON.parse(body).type} ${String(request.headers['esteira-signature']).startsWith('t=')}`)
      response.writeHead(204).end()
    })
  }).listen(0, '127.0.0.1')
  await expect.poll(() => receiver.address()).not.toBeNull()

  await page.goto(engine.uiUrl)
  const nav = page.getByRole('navigation', { name: 'Main navigation' })
  await expect(nav.getByRole('link', { name: /Alerts.*1 open alert/ })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Needs attention' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'flight-delay, check auc' })).toBeVisible()
  await nav.getByRole('link', { name: /Alerts/ }).click()
  await expect(page.getByRole('heading', { name: '1 open alert, 1 of them critical' })).toBeVisible()
  await page.getByText('All', { exact: true }).click()
  await expect(page.getByRole('table', { name: 'Alerts' }).getByRole('row')).toHaveCount(3)
  await expect(page).toHaveURL(/state=all/)

  await page.getByRole('button', { name: 'New webhook' }).click()
  const dialog = page.getByRole('dialog', { name: 'New webhook' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('ops')
  const { port } = receiver.address() as AddressInfo
  await dialog.getByRole('textbox', { name: 'Address' }).fill(`http://127.0.0.1:${port}/hook`)
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await expect(dialog).toContainText('whsec_')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await page.getByRole('button', { name: 'Test ops' }).click()
  await expect.poll(() => types).toContain('test true')
  // What was to be told before the webhook was there is told now.
  await expect.poll(() => types, { timeout: waitMs }).toContain('alert.escalated true')

  await page.getByRole('link', { name: 'flight-delay · auc', exact: true }).click()
  const history = page.getByRole('list', { name: 'History' })
  await expect(history).toContainText('Became critical')
  await expect(history).toContainText('Webhook ops: told')
  await page.getByRole('textbox', { name: 'Note' }).fill('The new flight plan; a new model is trained.')
  await page.getByRole('button', { name: 'Acknowledge' }).click()
  await expect(history).toContainText('Acknowledged by gui')
  await page.goto(engine.uiUrl)
  await expect(page.getByRole('link', { name: 'flight-delay, check auc' })).toHaveCount(0)

  const { items } = await engine.client.call('listAlerts', { query: { state: 'open' } })
  await lookAt(browser, engine.uiUrl, { name: 'alerts', path: '/alerts?state=all' })
  await lookAt(browser, engine.uiUrl, { name: 'alert', path: `/alerts/${items[0]?.id ?? ''}` })
  receiver.close()
})

test('a long list draws the rows in view, and fetches older ones as it is scrolled', async ({
  browser,
  page,
  engine,
}) => {
  await storeAlerts(engine, { model: null, version: null }, { more: 300 })
  // No monitor has their checks, so that the engine ends them.
  await page.goto(engine.uiUrl.replace('/#', '/alerts?state=all#'))
  const rows = page.getByRole('table', { name: 'Alerts' }).getByRole('row')
  await expect(rows.nth(20)).toBeVisible()
  expect(await rows.count()).toBeLessThan(60)
  const oldest = page.getByRole('link', { name: 'flight-delay · drift-1', exact: true })
  await expect(oldest).toHaveCount(0)
  const list = page.getByRole('region', { name: 'Alerts' }).last()
  await expect(async () => {
    await list.evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight))
    await expect(oldest).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await lookAt(browser, engine.uiUrl, { name: 'alerts-many', path: '/alerts?state=all' })
})
