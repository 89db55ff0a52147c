/**
 * The engine on an empty home, as `esteira serve` starts it, against a bare fastify server started the same way: time until
 * it answers, then memory and processor time while nobody asks anything. Both keep compiled code from one start to the next,
 * as every installation does after its first; a first start of each is not counted.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type BenchResult, median, report } from './result.ts'

const rounds = 9
const pollMs = 4
const longestStartMs = 60_000
const settleMs = 5_000
const idleMs = 15_000
const maxStartMs = 1_000
const maxIdleMegabytes = 200
const maxIdlePercent = 1

const launcher = fileURLToPath(new URL('../src/main/engine/cli/esteira.js', import.meta.url))
const bareServer = fileURLToPath(new URL('./bare-server.ts', import.meta.url))
const compileCache = fileURLToPath(new URL('../node_modules/.cache/esteira', import.meta.url))

interface Started {
  readonly child: ChildProcess
  readonly readyMs: number
}

type Start = (folder: string) => Promise<Started>

const startEngine: Start = (folder) =>
  start([launcher, '--home', folder, 'serve', '--port', '0', '--inference-port', '0'], join(folder, 'engine.json'))
const startBare: Start = (folder) => start([bareServer, join(folder, 'bare.json')], join(folder, 'bare.json'))

export async function benchEngineStart(): Promise<BenchResult[]> {
  const engineMs: number[] = []
  const bareMs: number[] = []
  for (let round = -1; round < rounds; round++) {
    const bare = await inEmptyFolder(startBare, async ({ readyMs }) => readyMs)
    const engine = await inEmptyFolder(startEngine, async ({ readyMs }) => readyMs)
    if (round < 0) continue
    bareMs.push(bare)
    engineMs.push(engine)
  }
  const bareIdle = await inEmptyFolder(startBare, measureIdle)
  const engineIdle = await inEmptyFolder(startEngine, measureIdle)
  return [
    startResult(median(engineMs), median(bareMs)),
    memoryResult(engineIdle.megabytes, bareIdle.megabytes),
    processorResult(engineIdle.percent, bareIdle.percent),
  ]
}

function startResult(engine: number, bare: number): BenchResult {
  return {
    name: 'engine-start',
    value: round1(engine),
    unit: 'ms',
    reference: `a bare fastify server started the same way: ${round1(bare)} ms`,
    ratio: engine / bare,
    bar: `median ≤ ${maxStartMs} ms`,
    holds: engine <= maxStartMs,
  }
}

function memoryResult(engine: number, bare: number): BenchResult {
  return {
    name: 'engine-start idle memory',
    value: round1(engine),
    unit: 'MB',
    reference: `the bare fastify server: ${round1(bare)} MB`,
    ratio: engine / bare,
    bar: `≤ ${maxIdleMegabytes} MB`,
    holds: engine <= maxIdleMegabytes,
  }
}

function processorResult(engine: number, bare: number): BenchResult {
  return {
    name: 'engine-start idle processor',
    value: engine,
    unit: '% of one core',
    reference: `the bare fastify server: ${bare} %`,
    ratio: bare > 0 ? engine / bare : null,
    bar: `< ${maxIdlePercent} %`,
    holds: engine < maxIdlePercent,
  }
}

function round1(value: number): number {
  return Math.round(value * 10) / 10
}

/** Starts, measures, and ends the process, in a folder of its own that is removed afterwards. */
async function inEmptyFolder<Value>(startIn: Start, measure: (started: Started) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'esteira-bench-'))
  try {
    const started = await startIn(folder)
    try {
      return await measure(started)
    } finally {
      const ended = once(started.child, 'exit')
      started.child.kill('SIGTERM')
      await ended
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const addressSchema = z.object({ controlUrl: z.string() })

/** Ready is when the file with the address is there and the health route answers 200. */
async function start(args: readonly string[], addressFile: string): Promise<Started> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  })
  while (performance.now() - startedAt < longestStartMs && child.exitCode === null) {
    if (existsSync(addressFile)) {
      const { controlUrl } = addressSchema.parse(JSON.parse(readFileSync(addressFile, 'utf8')))
      if (await answers(`${controlUrl}/api/v1/health`)) return { child, readyMs: performance.now() - startedAt }
    }
    await delay(pollMs)
  }
  child.kill('SIGKILL')
  throw new Error(`${args.join(' ')} did not get ready`)
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('error', () => resolve(false))
  })
}

async function measureIdle({ child }: Started): Promise<{ megabytes: number; percent: number }> {
  await delay(settleMs)
  const before = usage(child.pid)
  await delay(idleMs)
  const after = usage(child.pid)
  return {
    megabytes: after.kilobytes / 1_000,
    percent: Math.round(((after.processorMs - before.processorMs) / idleMs) * 10_000) / 100,
  }
}

/** Resident memory, and the processor time used so far by all threads (to 10 ms on Linux). */
function usage(pid: number | undefined): { kilobytes: number; processorMs: number } {
  if (process.platform === 'linux') {
    const [, resident] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    // The name of the program, in parentheses, may hold spaces; user and system time are the 12th and 13th after it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return { kilobytes: Number(resident) * 1.024, processorMs: (Number(fields[11]) + Number(fields[12])) * 10 }
  }
  const [kibibytes = '', time = ''] = execFileSync('ps', ['-o', 'rss=,time=', '-p', String(pid)])
    .toString()
    .trim()
    .split(/\s+/)
  const seconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return { kilobytes: Number(kibibytes) * 1.024, processorMs: seconds * 1_000 }
}

if (import.meta.main) report(await benchEngineStart())
