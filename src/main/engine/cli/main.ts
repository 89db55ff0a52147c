/** The command line: finds the command, loads only that one, and turns whatever fails into a message and an exit code. */
import { Command, CommanderError } from 'commander'
import type { Problem } from '#shared/errors.ts'
import type { CommandLine, DefineCommand } from './command-line.ts'

interface Entry {
  readonly summary: string
  readonly load: () => Promise<{ define: DefineCommand }>
}

const commands: Readonly<Record<string, Entry>> = {
  init: { summary: 'make a project from one data file', load: () => import('./commands/init.ts') },
  run: { summary: 'run a pipeline and follow it to its end', load: () => import('./commands/run.ts') },
  validate: { summary: 'check the pipelines and monitors of a project', load: () => import('./commands/validate.ts') },
  serve: { summary: 'start the engine and keep it running', load: () => import('./commands/serve.ts') },
  open: { summary: 'open the pages of the running engine', load: () => import('./commands/open.ts') },
  stop: { summary: 'stop the running engine', load: () => import('./commands/stop.ts') },
  projects: { summary: 'list, add or remove projects', load: () => import('./commands/projects.ts') },
  runs: {
    summary: 'list, show, cancel, retry or reproduce runs, print their record or log',
    load: () => import('./commands/runs.ts'),
  },
  schema: {
    summary: 'infer, update, show or check what a dataset must look like',
    load: () => import('./commands/schema.ts'),
  },
  features: {
    summary: 'list, show and check feature views',
    load: () => import('./commands/features.ts'),
  },
  drift: { summary: 'how far a dataset moved, told from its sketches', load: () => import('./commands/drift.ts') },
  models: { summary: 'list and show models, move their aliases', load: () => import('./commands/models.ts') },
  deploy: { summary: 'put a model version behind an endpoint', load: () => import('./commands/deploy.ts') },
  endpoints: { summary: 'list the endpoints and what answers there', load: () => import('./commands/endpoints.ts') },
  rollout: {
    summary: 'bring a version to an endpoint step by step: canary, A/B test, shadow',
    load: () => import('./commands/rollout.ts'),
  },
  predict: { summary: 'ask an endpoint for predictions', load: () => import('./commands/predict.ts') },
  requests: {
    summary: 'the logged requests of an endpoint, and what its answers were worth',
    load: () => import('./commands/requests.ts'),
  },
  feedback: { summary: 'tell what turned out to be true of answers', load: () => import('./commands/feedback.ts') },
  triggers: { summary: 'list, pause or resume what starts runs', load: () => import('./commands/triggers.ts') },
  monitors: { summary: 'list, show and check monitors of endpoints', load: () => import('./commands/monitors.ts') },
  alerts: {
    summary: 'list, show and acknowledge alerts, and say where they are sent',
    load: () => import('./commands/alerts.ts'),
  },
  lineage: {
    summary: 'what a thing was made of, what uses it, what would be stale if it changed',
    load: () => import('./commands/lineage.ts'),
  },
  'roll-back': {
    summary: 'go back to an earlier version of a model, pipeline or feature view',
    load: () => import('./commands/roll-back.ts'),
  },
  'clean-up': {
    summary: 'remove what the settings do not keep, or show what would go',
    load: () => import('./commands/clean-up.ts'),
  },
  doctor: { summary: 'check this machine and the home, and repair it', load: () => import('./commands/doctor.ts') },
}

const exitUsage = 2
/** How long something left open may keep the process after the command has answered. */
const lingerMs = 2_000

/** Runs the command; sets the exit code of the process: 0 only on success, 2 for bad usage or a bad project, else 1. */
export async function main(args: readonly string[]): Promise<void> {
  let failure: Problem | null | undefined
  const program = new Command('esteira')
  const line = commandLine(program, (problem) => {
    failure = problem
  })
  buildProgram(program, line)
  try {
    await program.parseAsync(args, { from: 'user' })
    if (failure !== undefined) process.exitCode = failure === null ? 1 : await exitOf(failure)
  } catch (error) {
    process.exitCode = await report(error, args.includes('--json'))
  }
  setTimeout(() => process.exit(), lingerMs).unref()
}

function buildProgram(program: Command, line: CommandLine): void {
  program
    .description('MLOps on one workstation.')
    .option('--home <dir>', 'the home folder (default: $ESTEIRA_HOME, else ~/.esteira)')
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .option('-v, --version', 'print the version')
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError()
    .helpCommand(false)
    .allowExcessArguments()
    .action(async () => {
      const [unknown] = program.args
      if (unknown !== undefined) {
        const { unknownCommand } = await import('./failure.ts')
        throw unknownCommand(unknown, Object.keys(commands))
      }
      if (program.opts<{ version?: true }>().version !== true) return program.help({ error: true })
      const { esteiraVersion } = await import('../kernel/version.ts')
      line.answer({ version: esteiraVersion }, () => esteiraVersion)
    })
    .hook('preSubcommand', async (_, command) => {
      const { define } = (await commands[command.name()]?.load()) ?? {}
      define?.(command.helpCommand(false), line)
    })
  for (const [name, { summary }] of Object.entries(commands))
    program.command(name).description(summary).allowExcessArguments(false)
}

function commandLine(program: Command, onFailed: (problem: Problem | null) => void): CommandLine {
  const options = () => program.opts<{ home?: string; json?: true }>()
  return {
    get home() {
      return options().home
    },
    get json() {
      return options().json === true
    },
    answer(value, text) {
      const answer = this.json ? JSON.stringify(value, null, 2) : text()
      if (answer !== '') process.stdout.write(`${answer}\n`)
    },
    note: (text) => void process.stderr.write(`${text}\n`),
    failed: onFailed,
  }
}

/** Tells what failed, on stderr for a person and with --json on stdout for a program. Returns the exit code. */
async function report(error: unknown, json: boolean): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  if (error instanceof CommanderError && error.code === 'commander.help') return exitUsage
  const { problemOf, describeFailure } = await import('./failure.ts')
  const problem = problemOf(error)
  process.stderr.write(`${describeFailure(problem)}\n`)
  if (json) process.stdout.write(`${JSON.stringify({ error: problem }, null, 2)}\n`)
  return exitOf(problem)
}

async function exitOf(problem: Problem): Promise<number> {
  const { exitCodeOf } = await import('./failure.ts')
  return exitCodeOf(problem)
}
