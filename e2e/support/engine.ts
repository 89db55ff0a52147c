/** A real engine on a temporary home and free ports, as a person would start it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type ApiClient, createClient } from '#shared/client.ts'

export const appRoot = fileURLToPath(new URL('../..', import.meta.url))
/** The engine's sources; ESTEIRA_LAUNCHER names another, such as that of the bundle. */
const usualLauncher = process.env.ESTEIRA_LAUNCHER ?? join(appRoot, 'src/main/engine/cli/esteira.js')
const readySchema = z.object({ controlUrl: z.string(), inferenceUrl: z.string(), uiUrl: z.string() })
const stopTimeoutMs = 15_000

export class TestEngine {
  readonly home: string
  readonly controlUrl: string
  /** The address of the app with the token in it. */
  uiUrl = ''
  token = ''
  #process: ChildProcess | undefined
  readonly #launcher: string
  readonly #ports: readonly [control: number, inference: number]

  static async start(launcher = usualLauncher): Promise<TestEngine> {
    const home = await mkdtemp(join(tmpdir(), 'esteira-e2e-'))
    const engine = new TestEngine(launcher, home, [await freePort(), await freePort()])
    await engine.startAgain()
    return engine
  }

  private constructor(launcher: string, home: string, ports: readonly [number, number]) {
    this.#launcher = launcher
    this.home = home
    this.#ports = ports
    this.controlUrl = `http://127.0.0.1:${ports[0]}`
  }

  /** Starts it on the home and the ports that it had, with more options of `esteira serve` where they are given. */
  async startAgain(options: readonly string[] = []): Promise<void> {
    const [control, inference] = this.#ports
    const args = [
      'serve',
      '--json',
      '--home',
      this.home,
      '--port',
      String(control),
      '--inference-port',
      String(inference),
      ...options,
    ]
    const child = spawn(process.execPath, [this.#launcher, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#process = child
    const answer = await firstJson(child)
    const ready = readySchema.safeParse(answer).data
    if (ready === undefined) throw new Error(`The engine did not start: ${JSON.stringify(answer)}`)
    const { uiUrl } = ready
    this.uiUrl = uiUrl
    this.token = new URLSearchParams(new URL(uiUrl).hash.slice(1)).get('token') ?? ''
  }

  get client(): ApiClient {
    return createClient((path, init) =>
      fetch(this.controlUrl + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${this.token}` } }),
    )
  }

  /** As a crash would end it. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Ends it and removes its home. */
  async remove(): Promise<void> {
    await this.#end('SIGTERM')
    await rm(this.home, { recursive: true, force: true, maxRetries: 5 })
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await ended
    clearTimeout(timer)
  }
}

/** What the process writes to its standard output, up to the end of the first JSON document. */
async function firstJson(child: ChildProcess): Promise<unknown> {
  let text = ''
  if (child.stdout === null) throw new Error('The engine has no output to read.')
  for await (const chunk of child.stdout) {
    text += String(chunk)
    try {
      return JSON.parse(text)
    } catch {
      // Not whole yet.
    }
  }
  throw new Error(`The engine ended before it was ready: ${text}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}
