import { expect, test } from '../support/fixtures.ts'

test('without a token the page says how to get one, and asks nothing of the engine', async ({ page, engine }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto(engine.controlUrl)
  await expect(page.getByRole('heading', { name: 'This page needs a token' })).toBeVisible()
  await expect(page.getByText('npx esteira open')).toBeVisible()
  expect(asked.filter((path) => path.startsWith('/api'))).toEqual([])
})

test('a wrong token is refused, and the right one can be pasted', async ({ page, engine }) => {
  await page.goto(`${engine.controlUrl}/#token=wrong`)
  await expect(page.getByRole('heading', { name: 'The token is not valid' })).toBeVisible()
  await page.getByLabel('Or paste the token here').fill(engine.token)
  await page.getByRole('button', { name: 'Use this token' }).click()
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  await expect(page.getByText('Engine connected')).toBeVisible()
})

test('the token leaves the address at once, and stays with the tab', async ({ page, context, engine }) => {
  await page.goto(engine.uiUrl)
  await expect(page.getByText('Engine connected')).toBeVisible()
  expect(page.url()).toBe(`${engine.controlUrl}/`)
  await page.goto(`${engine.controlUrl}/models`)
  await expect(page.getByRole('heading', { name: 'Models' })).toBeVisible()
  const other = await context.newPage()
  await other.goto(`${engine.controlUrl}/models`)
  await expect(other.getByRole('heading', { name: 'This page needs a token' })).toBeVisible()
})

test('a lost engine is shown, and found again without a reload', async ({ page, engine }) => {
  await page.goto(engine.uiUrl)
  await expect(page.getByText('Engine connected')).toBeVisible()
  await page.evaluate('window.notReloaded = true')
  await engine.kill()
  const banner = page.getByRole('alert').filter({ hasText: 'Engine not reachable' })
  await expect(banner.getByRole('button', { name: 'Try now' })).toBeVisible()
  await engine.startAgain()
  await expect(banner).toBeHidden()
  // The home keeps its token, so the page is signed in with the new engine too.
  await expect(page.getByText('Engine connected')).toBeVisible()
  // Opening the address once more in the same tab changes nothing.
  await page.goto(engine.uiUrl)
  await expect(page.getByText('Engine connected')).toBeVisible()
  expect(await page.evaluate('window.notReloaded')).toBe(true)
})

test('the policy of the page is never broken', async ({ page, engine }) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || /content.security.policy/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(engine.uiUrl)
  for (const name of ['Pipelines', 'Runs', 'Models', 'Endpoints', 'Overview']) {
    await page.getByRole('link', { name, exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  }
  expect(complaints).toEqual([])
})
