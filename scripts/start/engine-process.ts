import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const stopTimeoutMs = 15_000

export type StartedEngine = EngineProcess | 'already-running' | { readonly failed: number }

/** The engine as a process of its own, under Node, from its sources. */
export class EngineProcess {
  /** Where its pages are, with the token. */
  readonly uiUrl: string
  /** Its exit code. */
  readonly ended: Promise<number>
  readonly #child: ChildProcess

  /** Resolves once it is ready, or once it is clear that it will not be; why stands on the standard error then. */
  static async start(appRoot: string, passedOn: readonly string[]): Promise<StartedEngine> {
    const child = spawn(process.execPath, [launcherPath(appRoot), 'serve', '--json', ...passedOn], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C must reach the engine only when it is its turn.
      detached: process.platform !== 'win32',
    })
    process.once('exit', () => child.kill())
    let complaints = ''
    const collect = (chunk: unknown) => {
      complaints += String(chunk)
    }
    child.stderr?.on('data', collect)
    const answer = await readAnswer(child)
    if (answer.uiUrl !== undefined) {
      child.stderr?.off('data', collect).pipe(process.stderr)
      return new EngineProcess(child, answer.uiUrl)
    }
    if (answer.code === 'home-in-use') return 'already-running'
    process.stderr.write(complaints)
    return { failed: child.exitCode ?? 1 }
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

export function launcherPath(appRoot: string): string {
  return join(appRoot, 'src/main/engine/cli/esteira.js')
}

/** From the JSON document that `serve --json` writes: the address of the pages, or the code of what went wrong. */
async function readAnswer(child: ChildProcess): Promise<{ uiUrl?: string; code?: string }> {
  const ended = once(child, 'exit')
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    try {
      const { uiUrl, error } = JSON.parse(text)
      if (typeof uiUrl === 'string') return { uiUrl }
      await ended
      return { code: String(error?.code) }
    } catch {
      // Not whole yet.
    }
  }
  await ended
  return {}
}
