/**
 * `npm start`: builds what is stale, then opens the app: in its own window where Electron can run, otherwise in a browser
 * at the address of a headless engine. Arguments such as `--home DIR` pass through. Ctrl-C stops all of it in order.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from './start/build.ts'
import { electronMajor, findElectron } from './start/electron.ts'
import { EngineProcess } from './start/engine-process.ts'
import { readStartArguments, type StartArguments } from './start/start-arguments.ts'
import { whyNoWindow } from './start/why-no-window.ts'

const appRoot = fileURLToPath(new URL('..', import.meta.url))
/** A window that is going to fail does so by then; one that ends later was closed by a person. */
const windowFailsWithinMs = 8_000
/** The oldest Electron whose utility processes run the engine; with an older one it runs under Node beside it. */
const oldestHostingElectron = 28

const given = readStartArguments(process.argv.slice(2), process.env)
await buildIfStale(appRoot)
const reason = await openWindow(given)
if (reason !== undefined) await serveHeadless(given, reason)

/** Shows the window until it is closed. Returns why there is none, if there is none. */
async function openWindow({ headless, sandbox, passedOn }: StartArguments): Promise<string | undefined> {
  const obstacle = whyNoWindow({
    headless,
    sandbox,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasDisplay: Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY),
  })
  if (obstacle !== undefined) return obstacle
  const electron = await findElectron(appRoot)
  if ('missing' in electron) return electron.missing
  const hosts = electronMajor(electron.path) >= oldestHostingElectron
  const engine = hosts ? undefined : await EngineProcess.start(appRoot, passedOn)
  try {
    return await runWindow(electron.path, given, hosts)
  } finally {
    await engine?.stop()
  }
}

async function runWindow(
  path: string,
  { sandbox, passedOn }: StartArguments,
  hosts: boolean,
): Promise<string | undefined> {
  const startedAt = Date.now()
  const child = spawn(path, [...(sandbox ? [] : ['--no-sandbox']), appRoot, ...passedOn], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...(!hosts && { ESTEIRA_ENGINE: 'attach' }) },
  })
  forwardSignals(child)
  const [code, signal] = await Promise.race([
    once(child, 'exit'),
    once(child, 'error').then(([error]) => [String(error), null]),
  ])
  const failed = code !== 0 && signal === null && Date.now() - startedAt < windowFailsWithinMs
  return failed ? `Electron ended with ${code}` : undefined
}

function forwardSignals(child: ChildProcess): void {
  // A terminal sends Ctrl-C to the whole group; this process waits for the window to end in order.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
}

async function serveHeadless({ passedOn, browser }: StartArguments, reason: string): Promise<void> {
  const engine = await EngineProcess.start(appRoot, passedOn)
  console.log(`Esteira runs without a window (${reason}): ${engine.uiUrl}`)
  if (browser) openBrowser(passedOn)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void engine.stop())
  process.exitCode = await engine.ended
}

/** Opens the pages where there is a browser; it is no failure if there is none. */
function openBrowser(passedOn: readonly string[]): void {
  const launcher = join(appRoot, 'src/main/engine/cli/esteira.js')
  const home = passedOn.filter(
    (_, index) => /^--home\b/.test(passedOn[index] ?? '') || passedOn[index - 1] === '--home',
  )
  spawn(process.execPath, [launcher, 'open', ...home], { stdio: 'ignore' }).on('error', () => undefined)
}
