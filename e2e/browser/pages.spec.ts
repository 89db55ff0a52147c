/** Every page, in both themes and both languages: accessible, and pictured for a person to look at. */
import type { Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import { lookAt, openContext, show } from '../support/pages.ts'

test.describe('with nothing in it yet', () => {
  for (const name of ['overview', 'pipelines', 'runs', 'models', 'endpoints']) {
    test(name, async ({ browser, engine }) => {
      await lookAt(browser, engine.uiUrl, { name: `empty-${name}`, path: name === 'overview' ? '/' : `/${name}` })
    })
  }
  test('nothing at this address', async ({ page, engine }) => {
    await page.goto(engine.uiUrl.replace('/#', '/nowhere#'))
    await expect(page.getByRole('heading', { name: 'Nothing is found at this address' })).toBeVisible()
  })
  test('token', async ({ browser, engine }) => {
    await lookAt(browser, `${engine.controlUrl}/#`, { name: 'token', path: '/' })
  })
})

test.describe('with runs and models', () => {
  const openDialog = (name: RegExp) => async (page: Page) => {
    await page.getByRole('button', { name }).first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
  }
  const tab = (index: number) => (page: Page) => page.getByRole('tab').nth(index).click()
  const graph = (page: Page) => expect(page.locator('.react-flow__node').first()).toBeVisible()

  test('overview', ({ browser, seeded }) => lookAt(browser, seeded.engine.uiUrl, { name: 'overview', path: '/' }))
  test('start a run', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'start-run',
      path: '/',
      prepare: openDialog(/^(Run|Executar) train$/),
    }))
  test('open a folder', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'open-folder', path: '/', prepare: openDialog(/folder|pasta/) }))
  test('pipelines', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'pipelines', path: '/pipelines' }))
  test('pipeline', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'pipeline',
      path: `/pipelines/${seeded.projectId}/train`,
      prepare: graph,
    }))
  test('runs', ({ browser, seeded }) => lookAt(browser, seeded.engine.uiUrl, { name: 'runs', path: '/runs' }))
  test('run', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'run', path: `/runs/${seeded.succeeded.id}`, prepare: graph }))
  test('run, step', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'run-step',
      path: `/runs/${seeded.succeeded.id}?step=gate`,
      prepare: graph,
    }))
  test('run, log', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'run-log', path: `/runs/${seeded.succeeded.id}`, prepare: tab(2) }))
  test('run, metrics', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'run-metrics',
      path: `/runs/${seeded.succeeded.id}`,
      prepare: tab(3),
    }))
  test('run, about', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'run-about', path: `/runs/${seeded.succeeded.id}`, prepare: tab(4) }))
  test('failed run', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'run-failed', path: `/runs/${seeded.failed.id}`, prepare: graph }))
  test('models', ({ browser, seeded }) => lookAt(browser, seeded.engine.uiUrl, { name: 'models', path: '/models' }))
  test('model', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'model', path: '/models/flight-delay' }))
  test('move an alias', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'move-alias',
      path: '/models/flight-delay',
      prepare: openDialog(/^(Move|Mover) alias$/),
    }))
  test('model version', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'version', path: '/models/flight-delay/1' }))
  test('endpoints', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'endpoints', path: '/endpoints' }))
  test('endpoint', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'endpoint', path: '/endpoints/flight-delay' }))
  test('on a narrow screen', async ({ browser, seeded }) => {
    const places = [
      { name: 'narrow-overview', path: '/', width: 640 },
      { name: 'narrow-run', path: `/runs/${seeded.succeeded.id}`, width: 640, prepare: graph },
    ]
    for (const place of places) {
      await lookAt(browser, seeded.engine.uiUrl, place)
      const context = await openContext(browser, place)
      const page = await show(context, seeded.engine.uiUrl, place, { theme: 'light', language: 'pt-BR' })
      expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0)
      await context.close()
    }
  })
})
