/** Readings in the metadata store. All of one look are written in one transaction; old ones go, their evidence first. */
import { z } from 'zod'
import {
  type Reading,
  type ReadingEvidence,
  type ReadingHistory,
  type ReadingPoint,
  type ReadingStatus,
  readingEvidenceSchema,
  readingSchema,
} from '#shared/monitors.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import type { Evidence } from './checks/outcome.ts'

/** Kept of each check: with an hour between looks, the readings of two years and the evidence of three weeks. */
export const keptReadings = 20_000
export const keptEvidence = 500

const severities: Readonly<Record<ReadingStatus, number>> = { 'no-data': 0, ok: 1, warning: 2, critical: 3 }

/** How bad a status is, for finding the worst of several. */
export function severityOf(status: ReadingStatus): number {
  return severities[status]
}

const bodyRow = z.object({ body: jsonColumn(readingSchema) })
const evidenceRow = z.object({ body: jsonColumn(readingEvidenceSchema.omit({ reading: true })) })
const ofCheck = 'project_id = $projectId AND monitor = $monitor AND check_name = $check'

export interface CheckOf {
  readonly projectId: string
  readonly monitor: string
  readonly check: string
}

export interface NewReading {
  readonly reading: Reading
  readonly evidence: Evidence
}

export interface LookOf {
  readonly projectId: string
  readonly monitor: string
  /** The planned time that it answers; null: it was asked for by hand. */
  readonly plannedAt: number | null
  readonly at: number
}

const lookRow = z.object({ plannedAt: z.number(), lookedAt: z.number() })

export class ReadingStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** @param also what belongs to it, such as sketches: in the same transaction */
  add({ projectId, monitor, plannedAt, at }: LookOf, readings: readonly NewReading[], also: () => void): void {
    this.#store.transaction(() => {
      also()
      for (const { reading, evidence } of readings) this.#insert(reading, evidence)
      for (const { reading } of readings) this.#prune({ projectId, monitor, check: reading.check })
      if (plannedAt === null) return
      this.#store.run(
        `INSERT OR REPLACE INTO monitor_look (project_id, monitor, planned_at, looked_at)
         VALUES ($projectId, $monitor, $plannedAt, $at)`,
        { projectId, monitor, plannedAt, at },
      )
    })
  }

  lastLook(projectId: string, monitor: string): { plannedAt: number; lookedAt: number } | undefined {
    return this.#store.get(
      lookRow,
      `SELECT planned_at AS plannedAt, looked_at AS lookedAt FROM monitor_look
       WHERE project_id = $projectId AND monitor = $monitor`,
      { projectId, monitor },
    )
  }

  latest({ projectId, monitor, check }: CheckOf): Reading | null {
    const row = this.#store.get(
      bodyRow,
      `SELECT body FROM reading WHERE ${ofCheck} ORDER BY at DESC, id DESC LIMIT 1`,
      { projectId, monitor, check },
    )
    return row?.body ?? null
  }

  /** @throws EsteiraError `reading-not-found` */
  get(id: string): Reading {
    const row = this.#store.get(bodyRow, 'SELECT body FROM reading WHERE id = $id', { id })
    if (row !== undefined) return row.body
    throw new EsteiraError('reading-not-found', `There is no reading "${id}".`, {
      found: id,
      next: `Of each check the last ${keptReadings.toLocaleString('en')} readings are kept.`,
    })
  }

  /** @throws EsteiraError `reading-not-found`, also for one whose evidence is no longer kept */
  evidence(id: string): ReadingEvidence {
    const reading = this.get(id)
    const row = this.#store.get(evidenceRow, 'SELECT body FROM reading_evidence WHERE reading_id = $id', { id })
    if (row !== undefined) return { reading, ...row.body }
    throw new EsteiraError('reading-not-found', 'The evidence of this reading is no longer kept.', {
      found: id,
      next: `It is kept of the last ${keptEvidence} readings of each check.`,
    })
  }

  /** Oldest first. Where there are more readings than points, of each stretch of time the worst, and of those the newest. */
  history(
    { projectId, monitor, check }: CheckOf,
    {
      from = 0,
      to = Number.MAX_SAFE_INTEGER,
      points,
    }: { from?: number | undefined; to?: number | undefined; points: number },
  ): Pick<ReadingHistory, 'readings' | 'points'> {
    const of = { projectId, monitor, check, from, to }
    const where = `${ofCheck} AND at >= $from AND at < $to`
    const ends = z.object({ n: z.number(), first: z.number().nullable(), last: z.number().nullable() })
    const {
      n = 0,
      first = 0,
      last = 0,
    } = this.#store.get(
      ends,
      `SELECT count(*) AS n, min(at) AS first, max(at) AS last FROM reading WHERE ${where}`,
      of,
    ) ?? {}
    const rows =
      n <= points
        ? this.#store.all(bodyRow, `SELECT body FROM reading WHERE ${where} ORDER BY at, id`, of)
        : this.#store.all(
            bodyRow,
            `SELECT body FROM reading WHERE id IN (
               SELECT id FROM (
                 SELECT id, row_number() OVER (
                   PARTITION BY CAST((at - $first) * $points / ($last - $first + 1) AS INTEGER) ORDER BY severity DESC, at DESC, id DESC
                 ) AS place FROM reading WHERE ${where}
               ) WHERE place = 1
             ) ORDER BY at, id`,
            { ...of, first, last, points },
          )
    return { readings: n, points: rows.map(({ body }) => pointOf(body)) }
  }

  #insert(reading: Reading, evidence: Evidence): void {
    const { id, projectId, monitor, check, at, status } = reading
    this.#store.run(
      `INSERT INTO reading (id, project_id, monitor, check_name, at, severity, body)
       VALUES ($id, $projectId, $monitor, $check, $at, $severity, $body)`,
      { id, projectId, monitor, check, at, severity: severities[status], body: JSON.stringify(reading) },
    )
    this.#store.run('INSERT INTO reading_evidence (reading_id, body) VALUES ($id, $body)', {
      id,
      body: JSON.stringify(evidence),
    })
  }

  /** By the index alone: the reading that is just beyond what is kept, and all before it. */
  #prune({ projectId, monitor, check }: CheckOf): void {
    const beyond = (kept: number) =>
      this.#store.get(
        z.object({ at: z.number() }),
        `SELECT at FROM reading WHERE ${ofCheck} ORDER BY at DESC LIMIT 1 OFFSET ${kept}`,
        { projectId, monitor, check },
      )?.at
    const of = { projectId, monitor, check }
    const oldEvidence = beyond(keptEvidence)
    if (oldEvidence !== undefined) {
      this.#store.run(
        `DELETE FROM reading_evidence WHERE reading_id IN (SELECT id FROM reading WHERE ${ofCheck} AND at <= $at)`,
        { ...of, at: oldEvidence },
      )
    }
    const old = beyond(keptReadings)
    if (old !== undefined) this.#store.run(`DELETE FROM reading WHERE ${ofCheck} AND at <= $at`, { ...of, at: old })
  }
}

function pointOf({ id, at, from, to, value, interval, rows, status, version, parts }: Reading): ReadingPoint {
  return {
    ...{ id, at, from, to, value, rows, status, version },
    ...(interval !== undefined && { interval }),
    parts: parts.map(({ name, value: ofPart, bad }) => ({ name, value: ofPart, bad })),
  }
}
