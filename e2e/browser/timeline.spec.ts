/** The story of an endpoint, as someone reads it who asks why another model answers since yesterday. */
import { storeAlerts } from '../support/alerts.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { runToEnd } from '../support/seed.ts'

test.setTimeout(300_000)

test('what happened to an endpoint is one story, with the evidence of each entry one click away', async ({
  browser,
  page,
  engine,
}) => {
  const projectId = await storeAlerts(engine, { model: 'flight-delay', version: 1 })
  expect((await runToEnd(engine, projectId, 'train')).status).toBe('succeeded')
  await page.goto(engine.uiUrl.replace('/#', '/endpoints/flight-delay#'))
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await expect(page).toHaveURL(/tab=timeline/)
  const story = page.getByRole('list', { name: 'Timeline' })
  await expect(story).toContainText('Alert of flight-delay, check auc, became critical')
  await page.getByText('Oldest first').click()
  await expect(page).toHaveURL(/order=oldest/)
  await expect(story).toContainText('Run of train')
  await expect(story).toContainText('The gate let flight-delay 1 in')
  await expect(story).toContainText('champion of flight-delay: version – → 1')
  await expect(story).toContainText('follows from: Run of train')
  await story.getByRole('link', { name: 'Revision 1 answers: flight-delay 1' }).click()
  await expect(page).toHaveURL(/\/models\/flight-delay\/1/)
  await page.goBack()
  await story.getByRole('link', { name: 'Alert of flight-delay, check auc, became critical' }).click()
  await expect(page).toHaveURL(/\/alerts\//)
  await lookAt(browser, engine.uiUrl, { name: 'timeline', path: '/endpoints/flight-delay?tab=timeline' })
})
