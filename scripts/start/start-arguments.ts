export interface StartArguments {
  /** `--headless`: no window, even where there could be one. */
  readonly headless: boolean
  /** False with `--no-sandbox`, which root needs. */
  readonly sandbox: boolean
  /** False with `--no-browser` or ESTEIRA_NO_BROWSER. */
  readonly browser: boolean
  /** For the engine and the shell. */
  readonly passedOn: readonly string[]
}

const own = ['--headless', '--no-sandbox', '--no-browser']

export function readStartArguments(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): StartArguments {
  return {
    headless: argv.includes('--headless'),
    sandbox: !argv.includes('--no-sandbox'),
    browser: !argv.includes('--no-browser') && !env.ESTEIRA_NO_BROWSER,
    passedOn: argv.filter((argument) => !own.includes(argument)),
  }
}

/** `--home DIR` or `--home=DIR`, if it is among the arguments. */
export function homeArguments(passedOn: readonly string[]): readonly string[] {
  const joined = passedOn.filter((argument) => argument.startsWith('--home='))
  const at = passedOn.indexOf('--home')
  return at === -1 ? joined : passedOn.slice(at, at + 2)
}
