/**
 * `npm start`: builds what is stale, then opens the app: in its own window where Electron can run, otherwise in a browser
 * at the address of a headless engine. Arguments such as `--home DIR` pass through. Ctrl-C stops all of it in order.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { buildIfStale, engineBundle, pagesAndShell } from './start/build.ts'
import { electronMajor, findElectron } from './start/electron.ts'
import { EngineProcess, launcherPath } from './start/engine-process.ts'
import { homeArguments, readStartArguments, type StartArguments } from './start/start-arguments.ts'
import { whyNoWindow } from './start/why-no-window.ts'

const appRoot = fileURLToPath(new URL('..', import.meta.url))
/** A window that is going to fail does so by then; one that ends later was closed by a person. */
const windowFailsWithinMs = 8_000
/** The oldest Electron whose utility processes run the engine; with an older one it runs under Node beside it. */
const oldestHostingElectron = 28

const given = readStartArguments(process.argv.slice(2), process.env)
await buildIfStale(appRoot, pagesAndShell)
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
  if (hosts) await buildIfStale(appRoot, engineBundle)
  const engine = hosts ? 'already-running' : await startEngine(passedOn)
  try {
    return await runWindow(electron.path, given, hosts)
  } finally {
    if (engine !== 'already-running') await engine.stop()
  }
}

async function startEngine(passedOn: readonly string[]): Promise<EngineProcess | 'already-running'> {
  const engine = await EngineProcess.start(appRoot, passedOn)
  if (engine === 'already-running' || engine instanceof EngineProcess) return engine
  process.exit(engine.failed)
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
  const stopping = forwardSignals(child)
  const [code, signal] = await Promise.race([
    once(child, 'exit'),
    once(child, 'error').then(([error]) => [String(error), null]),
  ])
  const failed = code !== 0 && !stopping.asked && Date.now() - startedAt < windowFailsWithinMs
  return failed ? `Electron ended with ${code ?? signal}` : undefined
}

/** Ctrl-C in a terminal reaches the window too; this process waits until it has ended in order. */
function forwardSignals(child: ChildProcess): { readonly asked: boolean } {
  const stopping = { asked: false }
  const stop = (signal: NodeJS.Signals) => {
    stopping.asked = true
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  return stopping
}

async function serveHeadless({ passedOn, browser }: StartArguments, reason: string): Promise<void> {
  const engine = await startEngine(passedOn)
  if (engine === 'already-running') {
    console.log('An engine already serves this home:')
    const [code] = await once(openPages(passedOn, browser), 'exit')
    process.exitCode = Number(code ?? 1)
    return
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void engine.stop())
  console.log(`Esteira runs without a window (${reason}): ${engine.uiUrl}`)
  // Where there is no browser, the address stands above already.
  if (browser) openPages(passedOn, true, 'ignore')
  process.exitCode = await engine.ended
}

/** Opens the pages where there is a browser, which is no failure if there is none, or else prints their address. */
function openPages(
  passedOn: readonly string[],
  browser: boolean,
  output: 'inherit' | 'ignore' = 'inherit',
): ChildProcess {
  const args = ['open', ...homeArguments(passedOn), ...(browser ? [] : ['--print'])]
  const child = spawn(process.execPath, [launcherPath(appRoot), ...args], { stdio: ['ignore', output, 'ignore'] })
  return child.on('error', () => undefined)
}
