import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface DesktopOptions {
  /** The home folder, absolute. */
  readonly home: string
  /** What an app needs as arguments to serve this home: none for the usual one. */
  readonly homeArguments: readonly string[]
  /** Passed on to an engine that the shell starts itself. */
  readonly engineArguments: readonly string[]
  /** True: never start an engine, only attach to one. */
  readonly attachOnly: boolean
  /** Starts in the tray, without the window: so the session of a person starts it. */
  readonly hidden: boolean
}

/** Options of the engine that the shell passes on, each with one value. */
const passedOn = ['--port', '--inference-port'] as const
export const optionsWithValue = ['--home', ...passedOn] as const
/** The native modules of the engine need this version of Node-API. */
export const neededNodeApi = 9

/**
 * Reads `--home`, `--port` and `--inference-port` (each with `=` or as the next argument), `--hidden`, ESTEIRA_HOME and
 * ESTEIRA_ENGINE.
 */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  nodeApi: number,
): DesktopOptions {
  const usualHome = join(homedir(), '.esteira')
  const home = resolve(valueAfter(argv, '--home') ?? env.ESTEIRA_HOME ?? usualHome)
  const engineArguments = passedOn.flatMap((name) => {
    const value = valueAfter(argv, name)
    return value === undefined ? [] : [name, value]
  })
  return {
    home,
    homeArguments: home === usualHome ? [] : ['--home', home],
    engineArguments,
    hidden: argv.includes('--hidden'),
    attachOnly: env.ESTEIRA_ENGINE === 'attach' || nodeApi < neededNodeApi,
  }
}

function valueAfter(argv: readonly string[], name: string): string | undefined {
  const joined = argv.find((argument) => argument.startsWith(`${name}=`))
  if (joined !== undefined) return joined.slice(name.length + 1)
  const at = argv.indexOf(name)
  return at === -1 ? undefined : argv[at + 1]
}
