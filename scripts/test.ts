/**
 * Runs every check of the project, one after the other, and goes on after a failure. The last line sums all tests:
 * each static check counts as one. Exit code 1 if anything failed.
 *
 * Names of parts as arguments run only those: `npm test -- lint unit`.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Counts, countPlaywright, countVitest, noCounts, sumCounts } from './test-counts.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const reports = mkdtempSync(join(tmpdir(), 'esteira-test-'))

interface Part {
  readonly name: string
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Reads what the part counted; a part without it is one test. */
  readonly count?: () => Counts
}

const unitReport = join(reports, 'unit.json')
const survivalReport = join(reports, 'survival.json')
const sampleReport = join(reports, 'sample.json')
const commandsReport = join(reports, 'commands.json')
const pagesReport = join(reports, 'pages.json')
const shellReport = join(reports, 'shell.json')
const packageReport = join(reports, 'package.json')

const parts: readonly Part[] = [
  { name: 'types-shared', command: ['tsc', '-p', 'tsconfig.shared.json'] },
  { name: 'types-main', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types-renderer', command: ['tsc', '-p', 'tsconfig.renderer.json'] },
  { name: 'lint', command: ['biome', 'check', '.'] },
  { name: 'imports', command: ['node', 'scripts/check-imports.ts'] },
  { name: 'docs', command: ['node', 'scripts/generate-docs.ts', '--check'] },
  vitest('unit', unitReport),
  // Kills real processes many times.
  vitest('survival', survivalReport),
  // Trains on all of the sample.
  vitest('sample', sampleReport),
  vitest('commands', commandsReport),
  // The pages that the browser shows are built ones.
  { name: 'build', command: ['npm', 'run', '--silent', 'build'] },
  endToEnd('e2e', 'chromium', pagesReport),
  // Skipped, and counted as that, where there is no Electron to run.
  endToEnd('e2e-electron', 'electron', shellReport),
  endToEnd('package', 'package', packageReport),
]

function vitest(project: string, report: string): Part {
  return {
    name: project,
    command: [
      'vitest',
      'run',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    count: () => countVitest(readReport(report)),
  }
}

function endToEnd(name: string, project: string, report: string): Part {
  return {
    name,
    command: ['playwright', 'test', `--project=${project}`, '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    count: () => countPlaywright(readReport(report)),
  }
}

/** Undefined when the part ended before it wrote one. */
function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** The exit code; 1 where the command cannot be started. Tools come from node_modules, as in an npm script. */
function execute({ command, env }: Part): Promise<number> {
  const [program = '', ...args] = command
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: 'inherit',
      shell: process.platform === 'win32',
      env: { ...process.env, ...env, PATH: path },
    })
    child.on('error', (error) => {
      console.error(`${program} cannot be started: ${error.message}`)
      resolve(1)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

async function run(part: Part): Promise<Counts> {
  console.log(`\n── ${part.name}: ${part.command.join(' ')}`)
  const started = performance.now()
  const code = await execute(part)
  const counted = part.count?.() ?? { ...noCounts, passed: code === 0 ? 1 : 0 }
  // A part that fails without a failing test, e.g. by a file that cannot be loaded, still is a failure.
  const counts = code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  console.log(`── ${part.name}: ${inWords(counts)} in ${seconds} s`)
  return counts
}

function inWords({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const chosen = parts.filter((part) => wanted.length === 0 || wanted.includes(part.name))
  const results: { name: string; counts: Counts }[] = []
  for (const part of chosen) results.push({ name: part.name, counts: await run(part) })
  rmSync(reports, { recursive: true })
  const total = sumCounts(results.map((result) => result.counts))
  const failed = results.filter((result) => result.counts.failed > 0).map((result) => result.name)
  console.log(`\n${failed.length > 0 ? `Failed: ${failed.join(', ')}` : `All ${results.length} parts passed.`}`)
  console.log(inWords(total))
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
}

await main()
