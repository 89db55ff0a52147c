/**
 * `npm run bench [name…]`: every benchmark, or those named, each in a process of its own, one after the other. Prints a
 * table and writes bench/results.json. A bar that does not hold is told, and is no error; a benchmark that fails is one.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { BenchResult } from './result.ts'

/** Each is the file of the same name beside this one. Its results have the same name, or begin with it. */
const benchmarks = [
  'step-overhead',
  'rerun-cached',
  'statistics',
  'validate',
  'drift-window',
  'drift-report',
  'point-in-time',
  'predict',
  'predict-batch',
  'logging-cost',
  'fairness',
  'online-read',
  'engine-start',
  'loop-delay',
  'ui-first-paint',
  'ui-runs-table',
  'ui-interaction',
  'ui-bundle',
  'soak',
] as const

/** Takes ten minutes: only where it is named. */
const onlyNamed: readonly string[] = ['soak']

const resultsFile = fileURLToPath(new URL('./results.json', import.meta.url))
const resultsSchema: z.ZodType<BenchResult[]> = z.array(
  z.object({
    name: z.string(),
    value: z.number(),
    unit: z.string(),
    reference: z.string(),
    ratio: z.number().nullable(),
    bar: z.string(),
    holds: z.boolean(),
  }),
)

/** @throws when the process fails or does not end with its results as one line of JSON */
async function measure(name: string): Promise<BenchResult[]> {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`the benchmark "${name}" ended with exit code ${code}`)
  return resultsSchema.parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''))
}

function belongsTo(result: BenchResult, name: string): boolean {
  return result.name === name || result.name.startsWith(`${name} `)
}

/** The results of this time, and those of earlier times for benchmarks that did not run now. */
function merged(measured: readonly BenchResult[], ran: readonly string[]): BenchResult[] {
  const earlier = existsSync(resultsFile)
    ? resultsSchema.safeParse(JSON.parse(readFileSync(resultsFile, 'utf8')))
    : undefined
  const kept = (earlier?.data ?? []).filter((result) => !ran.some((name) => belongsTo(result, name)))
  return benchmarks.flatMap((name) => [...measured, ...kept].filter((result) => belongsTo(result, name)))
}

function table(results: readonly BenchResult[]): string {
  const rows = results.map(({ name, value, unit, reference, ratio, bar, holds }) => [
    name,
    `${Number(value.toPrecision(4))} ${unit}`,
    ratio === null ? '' : `${ratio.toFixed(2)} ×`,
    bar,
    holds ? 'holds' : 'DOES NOT HOLD',
    reference,
  ])
  const lines = [['name', 'value', 'ratio', 'bar', '', 'reference'], ...rows]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !benchmarks.some((known) => known === name))
  if (unknown.length > 0) {
    console.error(`There is no benchmark "${unknown.join('", "')}". Known: ${benchmarks.join(', ')}.`)
    process.exitCode = 2
    return
  }
  const names = benchmarks.filter((name) => (wanted.length === 0 ? !onlyNamed.includes(name) : wanted.includes(name)))
  const results: BenchResult[] = []
  const ran: string[] = []
  for (const name of names) {
    console.error(`Measuring ${name} …`)
    try {
      results.push(...(await measure(name)))
      ran.push(name)
    } catch (error) {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
    }
  }
  writeFileSync(resultsFile, `${JSON.stringify(merged(results, ran), null, 2)}\n`)
  console.log(table(results))
}

await main()
