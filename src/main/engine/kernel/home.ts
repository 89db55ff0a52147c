/** The home: one folder in which the engine keeps everything that the machine writes. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { EsteiraError } from './errors.ts'

export interface Home {
  readonly path: string
  readonly databasePath: string
  /** The values of features that are served. A file of its own, so that writing them never holds up the metadata. */
  readonly onlinePath: string
  /** What the inference server filled in, as it was served. */
  readonly servedFeaturesPath: string
  /** The request log of the endpoints, and the labels that came for it. */
  readonly requestsPath: string
  readonly artifactsPath: string
  /** Files of steps under way; emptied at every start. */
  readonly workPath: string
  /** Files that are being removed; what a crash leaves here is put back at the next start. */
  readonly trashPath: string
  readonly logsPath: string
  readonly lockPath: string
  readonly engineFilePath: string
  readonly tokenPath: string
}

/** `--home`, else `ESTEIRA_HOME`, else `~/.esteira`; absolute. */
export function homeFolder(option: string | undefined): string {
  return resolve(option ?? process.env.ESTEIRA_HOME ?? join(homedir(), '.esteira'))
}

export function homeAt(path: string): Home {
  return {
    path,
    databasePath: join(path, 'metadata.db'),
    onlinePath: join(path, 'online.db'),
    servedFeaturesPath: join(path, 'served-features'),
    requestsPath: join(path, 'requests'),
    artifactsPath: join(path, 'artifacts'),
    workPath: join(path, 'work'),
    trashPath: join(path, 'trash'),
    logsPath: join(path, 'logs'),
    lockPath: join(path, 'engine.lock'),
    engineFilePath: join(path, 'engine.json'),
    tokenPath: join(path, 'token'),
  }
}

/**
 * Makes the folders that are missing, for this user alone.
 * @throws EsteiraError `home-unusable`
 */
export function createHome(path: string): Home {
  const home = homeAt(path)
  try {
    mkdirSync(home.path, { recursive: true, mode: 0o700 })
    for (const folder of [home.artifactsPath, home.logsPath]) mkdirSync(folder, { recursive: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EsteiraError('home-unusable', `The home folder cannot be made: ${reason}.`, {
      where: path,
      next: 'Name a folder that you may write to with --home or ESTEIRA_HOME.',
      cause: error,
    })
  }
  return home
}

/**
 * The token of the home's control API: made once and kept, so that pages and scripts stay signed in when the engine starts
 * anew. Readable by this user alone; deleting the file makes a new one at the next start.
 */
export function homeToken(home: Home): string {
  const known = readIfThere(home.tokenPath)?.trim()
  return known !== undefined && /^[0-9a-f]{64}$/.test(known) ? known : newHomeToken(home)
}

/** A new token in the place of the one before. */
export function newHomeToken(home: Home): string {
  const token = randomBytes(32).toString('hex')
  const temporary = `${home.tokenPath}.new`
  writeFileSync(temporary, `${token}\n`, { mode: 0o600 })
  renameSync(temporary, home.tokenPath)
  return token
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const engineFileSchema = z.object({
  pid: z.number().int(),
  controlUrl: z.string(),
  inferenceUrl: z.string().nullable(),
  token: z.string(),
})
/** `engine.json`: how shell and CLI find the engine of a home. It may be stale; whoever reads it checks that the engine answers. */
export type EngineFile = z.infer<typeof engineFileSchema>

/** Undefined when there is none or it cannot be read. */
export function readEngineFile(home: Home): EngineFile | undefined {
  try {
    const parsed = engineFileSchema.safeParse(JSON.parse(readFileSync(home.engineFilePath, 'utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** Readable by this user alone, as it holds the token. Never seen half-written. */
export function writeEngineFile(home: Home, content: EngineFile): void {
  const temporary = `${home.engineFilePath}.new`
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, home.engineFilePath)
}

/** Only if it is this process's own. */
export function removeEngineFile(home: Home): void {
  if (readEngineFile(home)?.pid === process.pid) rmSync(home.engineFilePath, { force: true })
}
