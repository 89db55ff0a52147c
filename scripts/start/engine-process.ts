import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const stopTimeoutMs = 15_000

/** The engine as a process of its own, under Node, from its sources. */
export class EngineProcess {
  /** Where its pages are, with the token. */
  readonly uiUrl: string
  /** Its exit code. */
  readonly ended: Promise<number>
  readonly #child: ChildProcess

  /** Resolves once it is ready. Ends this process, as the engine has told why, if it does not start. */
  static async start(appRoot: string, passedOn: readonly string[]): Promise<EngineProcess> {
    const launcher = join(appRoot, 'src/main/engine/cli/esteira.js')
    const child = spawn(process.execPath, [launcher, 'serve', '--json', ...passedOn], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Ctrl-C must reach the engine only when it is its turn.
      detached: process.platform !== 'win32',
    })
    const uiUrl = await readUiUrl(child)
    if (uiUrl === undefined) process.exit(child.exitCode ?? 1)
    return new EngineProcess(child, uiUrl)
  }

  private constructor(child: ChildProcess, uiUrl: string) {
    this.#child = child
    this.uiUrl = uiUrl
    this.ended = once(child, 'exit').then(([code]) => Number(code ?? 0))
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopTimeoutMs)
    await this.ended
    clearTimeout(timer)
  }
}

/** The address in the one JSON document that `serve --json` writes; undefined if the process ends before. */
async function readUiUrl(child: ChildProcess): Promise<string | undefined> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    try {
      const { uiUrl } = JSON.parse(text)
      if (typeof uiUrl === 'string') return uiUrl
    } catch {
      // Not whole yet.
    }
  }
  await once(child, 'exit').catch(() => undefined)
  return undefined
}
