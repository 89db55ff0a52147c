/** The examples of docs/serving.md, as a reader would run them, against a real model of the sample's flights. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InferenceServer } from '../../src/main/engine/serving/inference-server.ts'
import { trainFlightModel } from '../../src/main/engine/serving/testing-flights.ts'
import { errorCatalogue } from '../../src/shared/errors.ts'

const page = readFileSync(new URL('../../docs/serving.md', import.meta.url), 'utf8')
const python = process.env.ESTEIRA_TRITON_PYTHON ?? 'python3'
const run = promisify(execFile)

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 60_000 })
    return true
  } catch {
    return false
  }
}
const hasCurl = works('curl', '--version')
const hasPython = works(python, '--version')
const hasTriton = works(python, '-c', 'import tritonclient.http')

let folder: string
let server: InferenceServer
let address: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'esteira-serving-page-'))
  const files = await trainFlightModel(join(folder, 'model'), { rows: 1_000, epochs: 1 })
  server = new InferenceServer()
  const { url } = await server.start({ port: 0 })
  address = new URL(url).host
  await server.setRevision('flight-delay', { model: 'flight-delay', version: 1, files }, () => 1)
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

function examples(language: string): string[] {
  const blocks = page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))
  return Array.from(blocks, ([, code = '']) => code)
}
const here = (code: string) => code.replaceAll('127.0.0.1:4871', address)

/** Runs a file with the code; resolves with what it prints. */
async function runFile(command: string, name: string, code: string): Promise<string> {
  const path = join(folder, name)
  writeFileSync(path, here(code))
  return (await run(command, [path], { timeout: 60_000 })).stdout.trim()
}

describe('the examples of the page on serving', () => {
  it.skipIf(!hasCurl)('in curl', async () => {
    const codes = examples('sh')
    expect(codes).toHaveLength(2)
    const [plain = '', protocol = ''] = await Promise.all(
      codes.map(async (code) => (await run('sh', ['-c', here(code)])).stdout),
    )
    expect(JSON.parse(plain)).toMatchObject({
      model: 'flight-delay',
      predictions: [{ probability: expect.any(Number) }],
    })
    expect(JSON.parse(protocol)).toMatchObject({
      id: '42',
      parameters: { content_type: 'pd' },
      outputs: ['label', 'probability', 'probabilities.false', 'probabilities.true'].map((name) => ({ name })),
    })
  })

  it('in TypeScript', async () => {
    const codes = examples('ts')
    expect(codes).toHaveLength(1)
    expect(Number(await runFile(process.execPath, 'example.mts', codes[0] ?? ''))).toBeGreaterThanOrEqual(0.5)
  })

  it.skipIf(!hasPython)('in Python', async () => {
    const codes = examples('python').filter((code) => !code.includes('tritonclient'))
    expect(codes).toHaveLength(1)
    expect(Number(await runFile(python, 'example.py', codes[0] ?? ''))).toBeGreaterThanOrEqual(0.5)
  })

  it.skipIf(!hasTriton)('with the client of Triton (Python with tritonclient)', async () => {
    const codes = examples('python').filter((code) => code.includes('tritonclient'))
    expect(codes).toHaveLength(1)
    expect(Number(await runFile(python, 'triton-example.py', codes[0] ?? ''))).toBeGreaterThanOrEqual(0.5)
  })
})

it('the codes of the page are those of the catalogue, with their status', () => {
  const named = [...page.matchAll(/`([a-z]+(?:-[a-z]+)+)` \((\d{3})\)/g)]
  expect(named.length).toBeGreaterThan(4)
  const statuses = new Map<string, number>(Object.entries(errorCatalogue).map(([code, { status }]) => [code, status]))
  for (const [, code = '', status] of named) expect([code, statuses.get(code)]).toEqual([code, Number(status)])
})
