/** The settings page, as a person uses it. */
import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from '@playwright/test'
import type { TestEngine } from '../support/engine.ts'
import { expect, test } from '../support/fixtures.ts'
import { lookAt } from '../support/pages.ts'
import { addSample, runToEnd } from '../support/seed.ts'

const schedules =
  '\ntriggers:\n  - { schedule: "0 3 * * 1", timeZone: America/Sao_Paulo }\n  - { schedule: "30 4 1 * *" }\n'

async function open(page: Page, engine: TestEngine): Promise<void> {
  await page.goto(engine.uiUrl.replace('/#', '/settings#'))
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await expect(page.locator('[aria-busy]')).toHaveCount(0)
}

/** The sample with schedules that come once a week and once a month. */
async function addSchedules(engine: TestEngine): Promise<void> {
  const { path } = await addSample(engine)
  const file = join(path, 'pipelines', 'train.yaml')
  writeFileSync(file, readFileSync(file, 'utf8') + schedules)
  await engine.client.call('pauseTriggers', { body: { paused: false } })
}

test.describe('looks', () => {
  const scrollTo = (id: string) => (page: Page) =>
    page.locator(`#${id}`).evaluate((section) => section.scrollIntoView())

  test('settings', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'settings', path: '/settings' }))
  test('disk', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'settings-disk', path: '/settings', prepare: scrollTo('disk') }))
  test('triggers', async ({ browser, engine }) => {
    await addSchedules(engine)
    await lookAt(browser, engine.uiUrl, {
      name: 'settings-triggers',
      path: '/settings',
      async prepare(page) {
        await expect(page.getByText('schedule 0 3 * * 1')).toBeVisible()
        await scrollTo('projects')(page)
      },
    })
  })
  test('new token', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, {
      name: 'settings-token',
      path: '/settings',
      prepare: (page) => page.getByRole('button', { name: /^(Make a new one|Criar um novo)$/ }).click(),
    }))
  test('in a narrow window', ({ browser, seeded }) =>
    lookAt(browser, seeded.engine.uiUrl, { name: 'settings-narrow', path: '/settings', width: 700 }))
})

test('a change is saved at once, survives a reload, and can be taken back', async ({ page, engine }) => {
  await open(page, engine)
  const keep = page.getByRole('combobox', { name: 'Keep runs' })
  await keep.click()
  await page.getByRole('option', { name: '90 days' }).click()
  await expect(page.getByText('The setting is saved.')).toBeVisible()
  await page.reload()
  await expect(keep).toHaveValue('90 days')

  const port = page.getByRole('textbox', { name: 'Port of the predictions' })
  await port.fill('80')
  await expect(page.getByText('From 1024 to 65535')).toBeVisible()
  await port.fill('5999')
  await port.press('Enter')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(port).toHaveValue('4871')
  expect((await engine.client.call('getSettings')).settings).toMatchObject({ inferencePort: 4871, retentionDays: 90 })
})

test('what a clean-up would remove is shown; an expired run goes, and what it alone needed', async ({
  browser,
  page,
  engine,
}) => {
  test.setTimeout(240_000)
  const { id: projectId, path } = await addSample(engine)
  const step = '{ uses: data/extract, with: { dataset: flights, limit: 5000 } }'
  writeFileSync(join(path, 'pipelines', 'extract.yaml'), `name: extract\nsteps:\n  extract: ${step}\n`)
  const run = await engine.client.call('startRun', { body: { projectId, pipeline: 'extract' } })
  await expect
    .poll(async () => (await engine.client.call('getRun', { params: { id: run.id } })).status)
    .toBe('succeeded')
  // The engine cleans up by itself a little after its start: what expires from now on is left to the test.
  const log = () => readFileSync(join(engine.home, 'logs', 'engine.log'), 'utf8')
  await expect.poll(log, { timeout: 120_000 }).toContain('cleaned up')
  makeOlder(engine.home, 40)
  await engine.client.call('putSettings', { body: { maxCacheBytes: 0 } })

  await open(page, engine)
  await page.getByRole('combobox', { name: 'Keep runs' }).click()
  await page.getByRole('option', { name: '30 days' }).click()
  await expect(page.getByText('1 run is older and goes with the next clean-up.')).toBeVisible()
  const preview = page.getByRole('region', { name: 'What would go' })
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect(preview.getByRole('status')).toContainText(/^1 run, 2 artifacts, \d+ files?: [\d.]+ (kB|MB) freed\.$/)
  await expect(preview.getByRole('table', { name: 'Runs that would go' }).getByRole('link')).toHaveText(run.id)
  await expect(preview.getByRole('table', { name: 'Artifacts that would go' })).toContainText('Table')
  // To look removes nothing.
  expect((await engine.client.call('getRun', { params: { id: run.id } })).status).toBe('succeeded')
  await lookAt(browser, engine.uiUrl, {
    name: 'settings-clean-up',
    path: '/settings',
    async prepare(shown) {
      await shown.getByRole('button', { name: /^(Show|Mostrar)$/ }).click()
      await expect(shown.getByRole('table', { name: /^(Runs|Execuções) / })).toBeVisible({ timeout: 60_000 })
      await shown.locator('#disk').evaluate((section) => section.scrollIntoView())
    },
  })

  await page.getByRole('button', { name: 'Clean up now' }).click()
  await expect(page.getByText(/^[\d.]+ (kB|MB) freed\. 1 run removed\.$/)).toBeVisible()
  await expect(page.getByText('Cleaning up frees about 0 bytes.')).toBeVisible()
  const artifacts = page.getByRole('table', { name: 'Disk', exact: true }).getByRole('row', { name: /^Artifacts/ })
  await expect(artifacts).toContainText('0 bytes')
  await expect(engine.client.call('getRun', { params: { id: run.id } })).rejects.toThrow('no run')
})

test('everything stored is verified; what is damaged is found, made again and in order after', async ({
  browser,
  page,
  engine,
}) => {
  const { id: projectId, path } = await addSample(engine)
  const step = '{ uses: data/extract, with: { dataset: flights, limit: 5000 } }'
  writeFileSync(join(path, 'pipelines', 'extract.yaml'), `name: extract\nsteps:\n  extract: ${step}\n`)
  expect((await runToEnd(engine, projectId, 'extract')).status).toBe('succeeded')
  await open(page, engine)
  const result = page.getByRole('region', { name: 'Verify everything stored' })
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(result.getByRole('status')).toContainText('All is in order')
  await expect(result.getByRole('status')).toContainText('2 artifacts in 2 files')

  damageOneFile(engine.home)
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  const findings = result.getByRole('table', { name: 'Verify everything stored' })
  await expect(findings.getByRole('row', { name: /^File changed/ })).toContainText('Left as it is')
  await page.getByRole('button', { name: 'Verify and repair' }).click()
  await expect(findings.getByRole('row', { name: /^File changed/ })).toContainText('Repaired')
  await lookAt(browser, engine.uiUrl, {
    name: 'settings-examination',
    path: '/settings',
    async prepare(shown) {
      damageOneFile(engine.home)
      await shown.getByRole('button', { name: /^(Verify|Verificar)$/ }).click()
      await expect(shown.getByRole('row', { name: /^(File changed|Arquivo alterado)/ })).toBeVisible()
      await shown.locator('#diagnostics').evaluate((section) => section.scrollIntoView())
    },
  })
  await page.getByRole('button', { name: 'Verify and repair' }).click()
  await expect(findings.getByRole('row', { name: /^File changed/ })).toContainText('Repaired')
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(result.getByRole('status')).toContainText('All is in order')
})

/** The largest file of the artifact store, with its beginning overwritten. */
function damageOneFile(home: string): void {
  const files = readdirSync(join(home, 'artifacts'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => statSync(b).size - statSync(a).size)
  const [largest = ''] = files
  chmodSync(largest, 0o600)
  const bytes = readFileSync(largest)
  bytes.write('damaged')
  writeFileSync(largest, bytes)
}

/** As if everything in the home were from some days ago. */
function makeOlder(home: string, days: number): void {
  const then = Date.now() - days * 24 * 60 * 60_000
  const database = new DatabaseSync(join(home, 'metadata.db'))
  database.exec(`UPDATE run SET finished_at = ${then}; UPDATE artifact SET created_at = ${then}`)
  database.close()
  for (const entry of readdirSync(join(home, 'artifacts'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), then / 1_000, then / 1_000)
  }
}

test('a new token takes the place of the old one, and the page goes on with it', async ({ page, engine }) => {
  await open(page, engine)
  const old = engine.token
  await page.getByRole('button', { name: 'Make a new one' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new token' }).click()
  await expect(page.getByText('A new token counts from now on.')).toBeVisible()
  await expect(engine.client.call('listProjects')).rejects.toThrow('no valid token')
  engine.token = JSON.parse(readFileSync(join(engine.home, 'engine.json'), 'utf8')).token
  expect(engine.token).not.toBe(old)
  await addSample(engine)
  // The page hears of it, so its stream of events is back.
  await expect(page.getByRole('switch', { name: 'Trust the project flight-delay' })).toBeChecked()
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
})

test('trust is taken and given back; a project is removed and comes back', async ({ page, engine }) => {
  const { id } = await addSample(engine)
  await open(page, engine)
  const trust = page.getByRole('switch', { name: 'Trust the project flight-delay' })
  await trust.click({ force: true })
  await expect(trust).not.toBeChecked()
  await page.getByRole('button', { name: 'Remove the project flight-delay' }).click()
  await expect(trust).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(trust).not.toBeChecked()
  expect(await engine.client.call('getProject', { params: { id } })).toMatchObject({ trusted: false })
})

test('triggers are paused, and listed with their next time', async ({ page, engine }) => {
  await addSchedules(engine)
  await open(page, engine)
  const row = page.getByRole('row', { name: /0 3 \* \* 1/ })
  await expect(row).toContainText(/\d:\d\d\s[AP]M/)
  await page.getByRole('switch', { name: 'Pause all triggers' }).click({ force: true })
  await expect(row).toContainText('–')
  expect(await engine.client.call('listTriggers')).toMatchObject({ paused: true })
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText(/\d:\d\d\s[AP]M/)
})

test('the diagnostics file holds the checks, and neither token nor home', async ({ page, engine }) => {
  await open(page, engine)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  const download = await saved
  expect(download.suggestedFilename()).toBe('esteira-diagnostics.json')
  const text = readFileSync((await download.path()) ?? '', 'utf8')
  expect(JSON.parse(text)).toMatchObject({ counts: { run: 0 }, platform: { os: process.platform } })
  expect(text).not.toContain(engine.token)
  expect(text).not.toContain(engine.home)
  await expect(page.getByRole('row', { name: /database In order/ })).toBeVisible()
})

test('other machines: closed until every endpoint asks for a key, then open under a certificate', async ({
  browser,
  page,
  engine,
}) => {
  const { id } = await addSample(engine)
  await runToEnd(engine, id, 'train')
  await open(page, engine)
  const section = page.getByRole('region', { name: 'Other machines' })
  await expect(section).toContainText('Closed')
  await expect(section.getByRole('row', { name: 'flight-delay 0 no Needs a key' })).toBeVisible()
  await expect(section).toContainText('First let every endpoint ask for a key')
  const scrollTo = (shown: Page) => shown.locator('#outside').evaluate((part) => part.scrollIntoView())
  await lookAt(browser, engine.uiUrl, { name: 'settings-outside-closed', path: '/settings', prepare: scrollTo })

  const params = { name: 'flight-delay' }
  await engine.client.call('addEndpointKey', { params, body: { name: 'shop' } })
  await engine.client.call('putEndpointAccess', { params, body: { keysRequired: true } })
  await page.reload()
  await expect(section.getByRole('row', { name: 'flight-delay 1 yes Ready' })).toBeVisible()

  await engine.kill()
  const { certFile, keyFile } = makeCertificate(engine.home)
  const outside = ['--inference-host', '127.0.0.1', '--outside-port', '0', '--inference-name', 'models.example']
  await engine.startAgain([...outside, '--tls-cert', certFile, '--tls-key', keyFile])
  await page.reload()
  await expect(section).toContainText(/Open, encrypted *https:\/\/127\.0\.0\.1:\d+/)
  await expect(section.getByText('models.example', { exact: true })).toBeVisible()
  await expect(section.getByRole('row', { name: 'flight-delay 1 yes Answers with a key' })).toBeVisible()
  await lookAt(browser, engine.uiUrl, { name: 'settings-outside', path: '/settings', prepare: scrollTo })
})

function makeCertificate(folder: string): { certFile: string; keyFile: string } {
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const files = ['-out', certFile, '-keyout', keyFile, '-subj', '/CN=models.example']
  execFileSync('openssl', ['req', '-x509', ...curve, ...files], { stdio: 'ignore' })
  return { certFile, keyFile }
}
