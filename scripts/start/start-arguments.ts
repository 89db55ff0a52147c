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
