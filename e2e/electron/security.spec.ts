/** What a page can reach through the shell: what is declared, and nothing else. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { desktopApiKeys } from '#shared/desktop.ts'
import { whyNoElectron } from '../support/electron.ts'
import { test } from '../support/shell.ts'

const missing = whyNoElectron()
test.skip(missing !== undefined, missing)

const nodeNames = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname']

async function serve(answer: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { server, origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` }
}

test('the page has what the shell declares, no token, and nothing of Node or Electron', async ({ window, engine }) => {
  expect(await window.evaluate('Object.keys(window.esteira).sort()')).toEqual([...desktopApiKeys].sort())
  expect(await window.evaluate(`${JSON.stringify(nodeNames)}.filter((name) => name in window)`)).toEqual([])
  expect(
    await window.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage, hash: location.hash })'),
  ).not.toContain(engine.token)
  // What the page holds is a copy: it cannot change what a call does.
  await window.evaluate('try { window.esteira.pickFolder = 1; delete window.esteira } catch {}')
  expect(await window.evaluate('typeof window.esteira.pickFolder')).toBe('function')
})

test('calls of the wrong form are refused', async ({ window }) => {
  const refused = (call: string) => window.evaluate(`${call}.then(() => 'accepted', (error) => String(error))`)
  expect(await refused("esteira.notify({ title: 't', body: 'b', path: 'https://example.com' })")).toContain('path')
  expect(await refused("esteira.setAppearance({ language: 'xx', colorScheme: 'dark' })")).toContain('language')
  expect(await refused("esteira.setOpenAtLogin({ open: 'yes', more: 1 })")).toContain('open')
  expect(await refused("esteira.setAppearance({ language: 'en', colorScheme: 'dark' })")).toBe('accepted')
})

test('calls of another frame, another window or another origin are refused', async ({ shell, window }) => {
  await window.evaluate("document.body.append(document.createElement('iframe'))")
  expect(await window.evaluate('typeof frames[0].esteira')).toBe('undefined')
  const answers = await shell.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const handlers: Map<string, (event: unknown, payload?: unknown) => unknown> = Reflect.get(
      ipcMain,
      '_invokeHandlers',
    )
    const ask = async (event: unknown) => {
      try {
        await handlers.get('esteira:getOpenAtLogin')?.(event)
        return 'answered'
      } catch (error) {
        return String(error)
      }
    }
    const frame = contents?.mainFrame
    return Promise.all([
      ask({ sender: contents, senderFrame: frame }),
      ask({ sender: contents, senderFrame: frame?.frames[0] }),
      ask({ sender: {}, senderFrame: frame }),
      ask({ sender: { mainFrame: { url: 'https://example.com/' } }, senderFrame: { url: 'https://example.com/' } }),
      ask({ sender: contents, senderFrame: null }),
    ])
  })
  expect(answers[0]).toBe('answered')
  for (const answer of answers.slice(1)) expect(answer).toContain('is not open to this page')
})

test('no foreign page, no file, no further window, no permission', async ({ window, shell, engine }) => {
  await window.evaluate("location.href = 'https://example.com/'")
  await window.evaluate("location.href = 'file:///etc/passwd'").catch(() => undefined)
  // Links of the shell's own page mean nothing on a page of the app.
  await shell.evaluate(({ clipboard }) => clipboard.writeText('mine'))
  await window.evaluate("location.href = 'https://copy.invalid/'")
  await window.evaluate("window.open('https://example.com/')")
  await window.waitForTimeout(500)
  expect(await shell.evaluate(({ clipboard }) => clipboard.readText())).toBe('mine')
  expect(window.url()).toBe(`${engine.controlUrl}/`)
  expect(shell.windows()).toHaveLength(1)
  // Asked of the page itself: a locator would wait for the refused navigation to end.
  expect(await window.evaluate("document.querySelector('h1').textContent")).toBe('Overview')
  const camera = "navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'granted', (error) => error.name)"
  expect(await window.evaluate(camera)).not.toBe('granted')
})

test('the policy of the pages holds: no inline script, no foreign script, no frame of another origin', async ({
  window,
}) => {
  const policy = await window.evaluate("fetch('/').then((answer) => answer.headers.get('content-security-policy'))")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("default-src 'self'")
  const other = await serve((_, response) => response.end('window.broken = true'))
  const blocked = await window.evaluate(`new Promise((resolve) => {
    const blocked = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      if (blocked.push(effectiveDirective) === 3) resolve(blocked.sort())
    })
    const add = (name, more) => document.body.append(Object.assign(document.createElement(name), more))
    add('script', { text: 'window.broken = true' })
    add('script', { src: '${other.origin}/x.js' })
    add('iframe', { src: '${other.origin}/' })
  })`)
  other.server.close()
  expect(blocked).toEqual(['frame-src', 'script-src-elem', 'script-src-elem'])
  expect(await window.evaluate('window.broken')).toBeUndefined()
})

test('the token goes to the engine alone', async ({ window }) => {
  const seen: (string | undefined)[] = []
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization)
    response.end()
  })
  await window.evaluate(`fetch('${other.origin}/', { mode: 'no-cors' }).then(() => undefined)`)
  other.server.close()
  expect(seen).toEqual([undefined])
})

/** A program that took the engine's place, without its policy: its page tries what it can, and a frame of another origin too. */
test('a hostile page reaches nothing, even from where the engine should be', async ({ launch }) => {
  const probe = `JSON.stringify({ api: typeof window.esteira, node: ${JSON.stringify(nodeNames)}.filter((name) => name in window) })`
  const frame = await serve((_, response) =>
    response.setHeader('content-type', 'text/html').end(`<script>parent.postMessage(${probe}, '*')
      open('https://example.com/'); try { top.location = 'https://example.com/' } catch {}</script>`),
  )
  const page = `<h1>hostile</h1><script>
    window.frameSays = new Promise((resolve) => addEventListener('message', ({ data }) => resolve(data)))
    window.opened = open('https://example.com/')
    window.answers = Promise.all([
      esteira.notify({ title: 't', body: 'b', path: '//example.com' }),
      esteira.pickFolder('x'.repeat(1e6)),
      esteira.setAppearance(null),
    ].map((call) => call.then(() => 'accepted', () => 'refused')))
    setTimeout(() => { location = 'https://example.com/' }, 100)
  </script><iframe src="${frame.origin}/"></iframe>`
  const engine = await serve((request, response) => {
    const isHealth = request.url?.endsWith('/health') === true
    response.setHeader('content-type', isHealth ? 'application/json' : 'text/html')
    response.end(isHealth ? '{"status":"ok","version":"1"}' : page)
  })
  const home = await mkdtemp(join(tmpdir(), 'esteira-hostile-'))
  await writeFile(join(home, 'engine.json'), JSON.stringify({ pid: 1, controlUrl: engine.origin, token: 't' }))
  const shell = await launch({ home })
  const window = await shell.firstWindow()
  await expect.poll(() => window.evaluate('document.body.innerText')).toContain('hostile')
  expect(await window.evaluate('window.answers')).toEqual(['refused', 'refused', 'refused'])
  expect(await window.evaluate('window.opened')).toBeNull()
  expect(JSON.parse(String(await window.evaluate('window.frameSays')))).toEqual({ api: 'undefined', node: [] })
  await window.waitForTimeout(500)
  expect(await window.evaluate('location.origin')).toBe(engine.origin)
  expect(shell.windows()).toHaveLength(1)
  await shell.close()
  for (const { server } of [engine, frame]) server.close().closeAllConnections()
  await rm(home, { recursive: true, maxRetries: 5 })
})
