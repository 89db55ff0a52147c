/** Tells an alert by a program of the project: without a shell, for a limited time, with bounded output. */
import { spawn } from 'node:child_process'

const maxOutputCharacters = 2_000
const defaultTimeoutMs = 30_000

export interface CommandRequest {
  readonly command: readonly string[]
  /** The project folder. */
  readonly folder: string
  /** JSON text, for its standard input. */
  readonly body: string
  readonly signal: AbortSignal
  readonly timeoutMs?: number
}

/** What the environment of the program holds: enough to find programs, nothing of the engine's own. */
const passedOn = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LANG', 'TZ']

/** Returns the last of what it printed, where it ended with 0. @throws Error with the reason */
export function tellByCommand({
  command,
  folder,
  body,
  signal,
  timeoutMs = defaultTimeoutMs,
}: CommandRequest): Promise<string> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: environment(),
      shell: false,
      detached: true,
      windowsHide: true,
    })
    let output = ''
    let stopped: string | undefined
    const stop = (reason: string) => {
      stopped ??= reason
      killAll(child.pid)
    }
    const timer = setTimeout(() => stop(`It did not end within ${timeoutMs / 1_000} s.`), timeoutMs)
    const onAbort = () => stop('The engine stopped meanwhile.')
    signal.addEventListener('abort', onAbort, { once: true })
    const end = (settle: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-maxOutputCharacters)
      })
    }
    child.on('error', (error) => end(() => reject(new Error(`It could not be started: ${error.message}`))))
    child.on('close', (code, killedBy) =>
      end(() => {
        if (code === 0 && stopped === undefined) return resolve(output.trim())
        const how = stopped ?? (code === null ? `It was ended by ${killedBy}.` : `It ended with ${code}.`)
        reject(new Error([how, output.trim()].filter((part) => part !== '').join(' ')))
      }),
    )
    // A program that does not read its input is none the worse for it.
    child.stdin.on('error', () => undefined).end(body)
    if (signal.aborted) onAbort()
  })
}

/** The program and what it started: they are a group of their own. */
function killAll(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}
