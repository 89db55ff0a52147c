/** The engine that a command talks to: the one that serves the home, or one of its own for as long as it takes. */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { routes } from '#shared/api.ts'
import { type ApiClient, createClient } from '#shared/client.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { type EngineFile, homeAt, homeFolder, readEngineFile } from '../kernel/home.ts'
import { esteiraVersion } from '../kernel/version.ts'
import type { CommandLine } from './command-line.ts'
import { sender, sendTo } from './http.ts'

export interface Connection {
  readonly client: ApiClient
  readonly controlUrl: string
  /** Null where the engine does not serve predictions. */
  readonly inferenceUrl: string | null
  readonly token: string
  /** Stops the engine if it is this command's own. */
  close(): Promise<void>
}

const healthTimeoutMs = 2_000
/** How long an engine that holds the home may take to say where it listens, or to let go of the home. */
const settleMs = 15_000
const settlePollMs = 100

/** The running engine of the home; undefined if none answers, whatever a stale engine.json says. */
export async function findEngine(home: string): Promise<EngineFile | undefined> {
  const file = readEngineFile(homeAt(home))
  if (file === undefined) return undefined
  try {
    const { status, text } = await sendTo(`${file.controlUrl}${routes.getHealth.path}`, { timeoutMs: healthTimeoutMs })
    return status === 200 && healthSchema.safeParse(JSON.parse(text)).success ? file : undefined
  } catch {
    return undefined
  }
}

const healthSchema = z.object({ status: z.literal('ok'), version: z.string() })

/** @throws EsteiraError `engine-unreachable` when none is running */
export async function requireEngine(line: CommandLine): Promise<EngineFile> {
  const home = homeFolder(line.home)
  const found = await findEngine(home)
  if (found !== undefined) return found
  throw new EsteiraError('engine-unreachable', 'No engine is running for this home.', {
    where: home,
    next: 'Start one with "esteira serve" or "npm start".',
  })
}

/** Does the work with a connection, and closes it however the work ends. */
export async function withEngine<Result>(
  line: CommandLine,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await connect(line)
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

/** @throws EsteiraError what `Engine.start` throws */
export async function connect(line: CommandLine): Promise<Connection> {
  const home = homeFolder(line.home)
  const deadline = Date.now() + settleMs
  for (;;) {
    const running = await findEngine(home)
    if (running !== undefined) return attach(running, line)
    try {
      return await startOwn(home)
    } catch (error) {
      // Another engine is just starting or stopping.
      const inUse = error instanceof EsteiraError && error.code === 'home-in-use'
      if (!inUse || Date.now() > deadline) throw error
      await delay(settlePollMs)
    }
  }
}

async function attach(file: EngineFile, line: CommandLine): Promise<Connection> {
  const connection = toConnection(file, async () => {})
  const { version } = await connection.client.call('getHealth')
  if (version !== esteiraVersion) {
    line.note(`The running engine is version ${version}, this command ${esteiraVersion}: restart the engine.`)
  }
  return connection
}

async function startOwn(home: string): Promise<Connection> {
  const { Engine } = await import('../engine.ts')
  const engine = await Engine.start({ home, port: 0, inferencePort: 0, background: false })
  return toConnection({ ...engine.info(), token: engine.token }, () => engine.stop())
}

function toConnection(engine: Omit<EngineFile, 'pid'>, close: () => Promise<void>): Connection {
  const { controlUrl, inferenceUrl, token } = engine
  return { client: createClient(sender(controlUrl, token)), controlUrl, inferenceUrl, token, close }
}
