/** Kills a server under load, and counts what its log lacks of what was answered. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { withTables } from '../../tables/duckdb.ts'
import { flightRow } from '../testing-flights.ts'
import { RequestLog } from './request-log.ts'
import { listSegments, readServedRevisions, requestFolder } from './segments.ts'

const child = fileURLToPath(new URL('./testing-serve-child.ts', import.meta.url))
const connections = 8
const loadMs = 2_500
/** What the docs promise. */
const lossMs = 1_000

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'esteira-kill-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Asks until the server is gone. Gives the time of each answer by the id of its request. */
async function ask(url: string, name: string, answered: Map<string, number>): Promise<void> {
  const body = JSON.stringify({ rows: [flightRow] })
  for (let count = 0; ; count++) {
    const id = `${name}-${count}`
    const headers = { 'content-type': 'application/json', 'x-request-id': id }
    const answer = await fetch(`${url}/models/flights/predict`, { method: 'POST', headers, body }).catch(
      () => undefined,
    )
    if (answer === undefined) return
    expect(answer.status).toBe(200)
    await answer.text().catch(() => undefined)
    answered.set(id, Date.now())
  }
}

it('a kill under load loses at most the last second of the request log', async () => {
  const logPath = join(root, 'requests')
  const server = spawn(process.execPath, [child, logPath, join(root, 'model')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line]: Buffer[] = await once(server.stdout, 'data')
  const url = String(line).trim()
  const answered = new Map<string, number>()
  const asking = Array.from({ length: connections }, (_, index) => ask(url, `c${index}`, answered))
  const killed = new Promise<number>((resolve) =>
    setTimeout(() => {
      server.kill('SIGKILL')
      resolve(Date.now())
    }, loadMs),
  )
  const killedAt = await killed
  await Promise.all(asking)
  // The next server finishes what was open.
  await new RequestLog({ path: logPath }).close()

  const folder = requestFolder(logPath, 'flights')
  const segments = await listSegments(folder)
  expect(segments.map(({ state }) => state)).toEqual(segments.map(() => 'finished'))
  expect((await readServedRevisions(folder)).map(({ revision }) => revision)).toEqual([1])
  const files = segments.map(({ path }) => `'${path}'`).join(', ')
  const read = `read_json([${files}], format = 'newline_delimited', ignore_errors = true, columns = {id: 'VARCHAR', prediction: 'VARCHAR'})`
  const sql = `select id from ${read} where id is not null and prediction is not null`
  const logged = new Set(
    (await withTables((tables) => tables.rows(sql, z.object({ id: z.string() })))).map(({ id }) => id),
  )
  const missing = [...answered].filter(([id]) => !logged.has(id))
  expect(answered.size).toBeGreaterThan(100)
  expect(logged.size).toBeGreaterThan(answered.size / 4)
  for (const [id, at] of missing) expect(killedAt - at, id).toBeLessThanOrEqual(lossMs)
  // More was logged than answered at the most by what was under way.
  expect([...logged].filter((id) => !answered.has(id)).length).toBeLessThanOrEqual(connections)
})
