/** The request log on a disk that is really full: a small file system in memory, where this machine lets us mount one. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { RequestLogState } from '#shared/requests.ts'
import { FeedbackLog } from './feedback-log.ts'
import { RequestLog } from './request-log.ts'
import { answeredRequest, servedModel } from './testing.ts'

const root = mkdtempSync(join(tmpdir(), 'esteira-full-'))
const disk = join(root, 'disk')
const mounted = mount()
afterAll(() => {
  if (mounted) execFileSync('umount', [disk])
  rmSync(root, { recursive: true, force: true })
})

function mount(): boolean {
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

it.skipIf(!mounted)('drops and counts on a full disk, says it once, and goes on once there is room', async () => {
  let now = 1_000_000_000_000
  const states: RequestLogState[] = []
  const path = join(disk, 'requests')
  const log = new RequestLog({ path, now: () => now, onState: (state) => states.push(state) })
  let asked = 0
  const add = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const rows = [{ distance: asked }]
      log.answered(servedModel(), answeredRequest({ id: `r${asked++}`, rows, outputs: [0, 1] }))
    }
    await log.flush()
    now += 1_500
  }
  await add(10)
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(180 * 1024))
  for (let turn = 0; turn < 5; turn++) await add(500)
  expect(states).toEqual([{ trouble: expect.objectContaining({ kind: 'disk-full' }), dropped: expect.any(Number) }])
  expect(log.state.dropped).toBeGreaterThan(0)
  expect(log.written + log.state.dropped).toBe(asked)
  const feedback = new FeedbackLog(path)
  const label = { id: 'r0', row: 0, label: 'x'.repeat(100_000) }
  await expect(feedback.add('flights', [label])).rejects.toMatchObject({ code: 'disk-full' })

  rmSync(join(disk, 'ballast'))
  const droppedBefore = log.state.dropped
  await add(10)
  now += 5_000
  await add(10)
  expect(states.slice(1)).toEqual([{ trouble: null, dropped: droppedBefore }])
  await feedback.add('flights', [{ id: 'r0', row: 0, label: true }])
  await log.close()
  const folder = join(path, 'flights')
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl') && name.includes('.r1.'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const last = texts
    .join('')
    .split('\n')
    .filter((line) => line.includes(`"r${asked - 1}"`))
  expect(last).toHaveLength(1)
})
