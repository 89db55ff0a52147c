/** The packaged application: really built with the Electron of the tests, looked into, and started. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { buildPackage } from '../../scripts/package/build-package.ts'
import { findDistribution } from '../../scripts/package/electron-distribution.ts'
import { buildIfStale, engineBundle } from '../../scripts/start/build.ts'
import { openScreen, whyNoElectron } from '../support/electron.ts'
import { appRoot, TestEngine } from '../support/engine.ts'
import { test as base, expect } from '../support/fixtures.ts'
import { filesIn, filesInArchive, fusesOf, sizeOf } from '../support/packaged.ts'
import { addSample, runToEnd } from '../support/seed.ts'

const missing = whyNoElectron()
const buildTimeoutMs = 240_000
const mebibyte = 2 ** 20
const launcher = 'out/main/engine/cli/esteira.js'

interface Packaged {
  /** The folder of the application. */
  readonly folder: string
  readonly archive: string
  /** What lies beside the archive: the engine. */
  readonly unpacked: string
}

const test = base.extend<object, { packaged: Packaged }>({
  packaged: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const electron = await findDistribution(appRoot)
      if ('missing' in electron) throw new Error(electron.missing)
      const output = await mkdtemp(join(tmpdir(), 'esteira-package-'))
      await buildIfStale(appRoot, engineBundle)
      await buildPackage({ appRoot, electron, folderOnly: true, output })
      const [archive] = globSync('**/app.asar', { cwd: output })
      if (archive === undefined) throw new Error(`There is no application in ${output}.`)
      const path = join(output, archive)
      await use({ folder: join(path, '../..'), archive: path, unpacked: `${path}.unpacked` })
      await rm(output, { recursive: true })
    },
    { scope: 'worker', timeout: buildTimeoutMs },
  ],
})

test.skip(missing !== undefined, missing)

test('the shell lies in the archive, and nothing else', ({ packaged }) => {
  const inside = filesInArchive(packaged.archive)
  expect(inside).toEqual(expect.arrayContaining(['package.json', 'out/main/index.cjs', 'out/preload/index.cjs']))
  const ofShell = /^(package\.json|out\/(main|preload)\/[\w-]+\.cjs|resources\/icons\/.+\.png)$/
  expect(inside.filter((path) => !ofShell.test(path))).toEqual([])
  expect(inside.filter((path) => path.startsWith('resources/icons/'))).toEqual(
    filesIn(appRoot, 'resources/icons/*.png'),
  )
})

test('the engine lies beside it, whole, without what is only for development or for another platform', ({
  packaged,
}) => {
  const { folder, unpacked } = packaged
  const beside = filesIn(unpacked)
  const needed = ['out/main/engine/**/*', 'out/shared/**/*', 'out/renderer/**/*', 'resources/s*/**/*']
  const built = needed.flatMap((pattern) => filesIn(appRoot, pattern))
  expect(built).toContain(launcher)
  expect(built.filter((path) => !beside.includes(path))).toEqual([])

  const forDevelopment = /\.(test\.\w+|[mc]?ts|tsx|map|[ch]|[ch]pp)$|^(src|e2e|scripts|bench|docs)\//
  expect(beside.filter((path) => forDevelopment.test(path))).toEqual([])
  const { devDependencies } = JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8'))
  expect(Object.keys(devDependencies).filter((name) => existsSync(join(unpacked, 'node_modules', name)))).toEqual([])

  const natives = beside.filter((path) => /\.(node|so|dll|dylib)$/.test(path))
  const platforms = natives.map((path) => /(linux|linuxmusl|darwin|win32)-(x64|arm64)(-musl)?(?=[./])/.exec(path)?.[0])
  expect(new Set(platforms)).toEqual(new Set([`${process.platform}-${process.arch}`]))
  console.log(
    `The application takes ${Math.round(sizeOf(folder) / mebibyte)} MiB, ${Math.round(sizeOf(unpacked) / mebibyte)} MiB of it the engine.`,
  )
})

test('the executable runs nothing but the app in its archive', ({ packaged }) => {
  const [runAsNode, cookieEncryption, nodeOptions, inspect, integrity, archiveOnly] = fusesOf(
    join(packaged.folder, 'esteira'),
  )
  expect({ runAsNode, cookieEncryption, nodeOptions, inspect, integrity, archiveOnly }).toEqual({
    runAsNode: 'off',
    cookieEncryption: 'on',
    nodeOptions: 'off',
    inspect: 'off',
    integrity: 'on',
    archiveOnly: 'on',
  })
})

test('the packaged engine runs the sample with its own packages and the native files that it needs', async ({
  packaged,
}) => {
  const fromSources = await nativesOfSample(appRoot, 'src/main/engine/cli/esteira.js')
  const fromPackage = await nativesOfSample(packaged.unpacked, launcher)
  expect(fromSources.join()).toMatch(/duckdb.*wasm.*better-sqlite3/)
  expect(fromPackage).toEqual(fromSources)
})

test('the packaged app shows the pages of the engine that it attaches to', async ({ packaged }) => {
  const engine = await TestEngine.start(join(packaged.unpacked, launcher))
  const screen = await openScreen()
  const app = startApp(packaged.folder, engine.home, screen.display)
  try {
    const port = await debuggingPort(app)
    await expect(async () => expect(await shownText(port)).toMatch(/Overview[\s\S]*Engine connected/)).toPass()
  } finally {
    const ended = once(app, 'exit')
    app.kill('SIGTERM')
    await ended
    screen.close()
    await engine.remove()
  }
})

/** The native files that an engine uses while it runs the sample and serves its model, as paths in its `node_modules`. */
async function nativesOfSample(root: string, path: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'esteira-natives-'))
  const record = join(folder, 'natives')
  const recorder = pathToFileURL(join(appRoot, 'e2e/support/record-natives.mjs'))
  const outer = { NODE_OPTIONS: process.env.NODE_OPTIONS, ESTEIRA_NATIVES: process.env.ESTEIRA_NATIVES }
  Object.assign(process.env, { NODE_OPTIONS: `--import=${recorder}`, ESTEIRA_NATIVES: record })
  const engine = await TestEngine.start(join(root, path))
  for (const [name, value] of Object.entries(outer)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  const sample = await addSample(engine)
  const run = await runToEnd(engine, sample.id, 'train')
  await engine.remove()
  expect(run.error).toBeNull()
  const used = new Set(readFileSync(record, 'utf8').trim().split('\n'))
  await rm(folder, { recursive: true })
  const packages = join(root, 'node_modules/')
  return [...used]
    .filter((file) => file.startsWith(packages))
    .map((file) => file.slice(packages.length))
    .sort()
}

/** Without Playwright's launcher, which needs the inspector of Node that the fuses take away. */
function startApp(folder: string, home: string, display: string | undefined): ChildProcess {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const switches = ['--disable-gpu', '--lang=en-US', '--remote-debugging-port=0']
  return spawn(join(folder, 'esteira'), [...asRoot, ...switches, '--home', home], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ESTEIRA_ENGINE: 'attach',
      LANG: 'en_US.UTF-8',
      ...(display !== undefined && { DISPLAY: display }),
    },
  })
}

async function debuggingPort(app: ChildProcess): Promise<number> {
  let text = ''
  for await (const chunk of app.stderr ?? []) {
    text += String(chunk)
    const port = /DevTools listening on ws:\/\/[\d.]+:(\d+)/.exec(text)?.[1]
    if (port !== undefined) return Number(port)
  }
  throw new Error(`The app ended before it showed anything: ${text}`)
}

const targetsSchema = z.array(z.object({ type: z.string(), webSocketDebuggerUrl: z.string() }))

/** What a person reads in the window. Playwright itself cannot connect to an Electron that it did not launch. */
async function shownText(port: number): Promise<string> {
  const targets = targetsSchema.parse(await (await fetch(`http://127.0.0.1:${port}/json`)).json())
  const socket = new WebSocket(targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? '')
  try {
    await once(socket, 'open')
    socket.send(
      JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'document.body.innerText' } }),
    )
    const [message] = await once(socket, 'message')
    return String(JSON.parse(message.data).result.result.value)
  } finally {
    socket.close()
  }
}
