/** Endpoints and their revisions, as stored. What really answers is up to the inference server. */
import { z } from 'zod'
import { type Endpoint, type Revision, revisionSchema } from '#shared/models.ts'
import { nameSchema, type Page } from '#shared/names.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import { newId } from '../kernel/ids.ts'
import { judgementColumn, judgementSql, withoutNoGate } from '../registry/judgement.ts'
import type { Store } from '../store/store.ts'
import { endpointNotFound } from './endpoint-not-found.ts'

/** How an endpoint is doing in the inference server. */
export interface LiveState {
  readonly state: 'ready' | 'loading' | 'failed'
  /** Why it is not ready. */
  readonly message?: string | undefined
  readonly url: string | null
}

export interface NewRevision {
  readonly endpoint: string
  readonly model: string
  readonly version: number
  /** The project that the model belongs to, and therefore the endpoint. */
  readonly projectId: string
  readonly actor: string
  readonly reason: string
}

const endpointRow = z.object({
  name: z.string(),
  projectId: z.string(),
  createdAt: z.number(),
  revisionId: z.string().nullable(),
})
const endpointColumns = 'name, project_id AS projectId, created_at AS createdAt, revision_id AS revisionId'
const revisionRow = revisionSchema.extend({ gate: judgementColumn }).transform(withoutNoGate)
const revisionColumns = `v.id, v.endpoint, v.number, v.model, v.version, v.created_at AS createdAt, v.actor, v.reason,
  ${judgementSql({ model: 'v.model', version: 'v.version', reason: 'v.reason' })} AS gate`

export class Endpoints {
  readonly #store: Store
  readonly #clock: Clock
  readonly #events: EventBus
  readonly #live: (name: string) => LiveState

  constructor(store: Store, clock: Clock, events: EventBus, live: (name: string) => LiveState) {
    this.#store = store
    this.#clock = clock
    this.#events = events
    this.#live = live
  }

  /** All endpoints by name. */
  list(): Endpoint[] {
    return this.#store
      .all(endpointRow, `SELECT ${endpointColumns} FROM endpoint ORDER BY name`)
      .map((row) => this.#describe(row))
  }

  find(name: string): Endpoint | undefined {
    const row = this.#findRow(name)
    return row === undefined ? undefined : this.#describe(row)
  }

  /** @throws EsteiraError `endpoint-not-found` */
  get(name: string): Endpoint {
    const endpoint = this.find(name)
    if (endpoint !== undefined) return endpoint
    const names = this.#store.all(endpointRow.pick({ name: true }), 'SELECT name FROM endpoint').map((row) => row.name)
    throw endpointNotFound(name, names)
  }

  /** Newest first. @throws EsteiraError `endpoint-not-found` */
  listRevisions(endpoint: string, page: { limit: number; cursor?: string | undefined }): Page<Revision> {
    this.get(endpoint)
    const rows = this.#store.all(
      revisionRow,
      `SELECT ${revisionColumns} FROM revision v WHERE endpoint = $endpoint AND number < $before
       ORDER BY number DESC LIMIT $limit`,
      { endpoint, before: Number(page.cursor ?? Number.MAX_SAFE_INTEGER), limit: page.limit + 1 },
    )
    const items = rows.slice(0, page.limit)
    const last = items.at(-1)
    return rows.length > page.limit && last ? { items, nextCursor: String(last.number) } : { items }
  }

  /** @throws EsteiraError `endpoint-not-found`, `revision-not-found` */
  getRevision(endpoint: string, number: number): Revision {
    const found = this.#store.get(
      revisionRow,
      `SELECT ${revisionColumns} FROM revision v WHERE endpoint = $endpoint AND number = $number`,
      { endpoint, number },
    )
    if (found !== undefined) return found
    const newest = this.get(endpoint).revision?.number ?? 0
    throw new EsteiraError('revision-not-found', `Endpoint "${endpoint}" has no revision ${number}.`, {
      found: String(number),
      allowed: newest === 0 ? 'it has no revisions yet' : `1 to ${newest}`,
    })
  }

  /**
   * Checks that a project may put a revision behind the endpoint.
   * @throws EsteiraError `endpoint-owned-elsewhere`, `invalid-request` (not a name)
   */
  checkDeployable(name: string, projectId: string): void {
    const problem = nameSchema.safeParse(name).error?.issues[0]?.message
    if (problem) throw new EsteiraError('invalid-request', `The name of the endpoint ${problem}.`, { found: name })
    const row = this.#findRow(name)
    if (row === undefined || row.projectId === projectId) return
    throw new EsteiraError(
      'endpoint-owned-elsewhere',
      `The endpoint "${name}" belongs to another project of this home.`,
      {
        found: `project ${projectId}`,
        allowed: `project ${row.projectId}`,
        next: 'Choose another endpoint name: names are unique in a home.',
      },
    )
  }

  /** Whether another endpoint than this one answers with a version. */
  answeringElsewhere(endpoint: string, { model, version }: { model: string; version: number }): boolean {
    const sql = `SELECT 1 FROM endpoint e JOIN revision v ON v.id = e.revision_id
      WHERE e.name <> $endpoint AND v.model = $model AND v.version = $version`
    return this.#store.get(z.object({}), sql, { endpoint, model, version }) !== undefined
  }

  /**
   * The next revision, and the endpoint points at it: one transaction, one event. The endpoint is made if need be.
   * @param along what else belongs to the transaction
   * @throws EsteiraError `endpoint-owned-elsewhere`, `invalid-request` (not a name)
   */
  addRevision(request: NewRevision, along: (revision: Revision) => void = () => {}): Revision {
    const revision = this.#store.transaction(() => {
      this.checkDeployable(request.endpoint, request.projectId)
      const { endpoint, projectId } = request
      this.#store.run(
        'INSERT INTO endpoint (name, project_id, created_at) VALUES ($endpoint, $projectId, $at) ON CONFLICT DO NOTHING',
        { endpoint, projectId, at: this.#clock() },
      )
      const added = this.#insertRevision(request)
      this.#store.run('UPDATE endpoint SET revision_id = $id WHERE name = $endpoint', { id: added.id, endpoint })
      along(added)
      return added
    })
    this.publish(request.endpoint)
    return revision
  }

  /**
   * The next revision, beside the one that the endpoint points at: it has to earn its place. In a transaction of the caller.
   * @throws EsteiraError `endpoint-owned-elsewhere`
   */
  addCandidate(request: NewRevision): Revision {
    this.checkDeployable(request.endpoint, request.projectId)
    return this.#insertRevision(request)
  }

  /** The endpoint points at a revision that it has. In a transaction of the caller, who publishes. */
  pointAt(endpoint: string, number: number): void {
    const { id } = this.getRevision(endpoint, number)
    this.#store.run('UPDATE endpoint SET revision_id = $id WHERE name = $endpoint', { id, endpoint })
  }

  /**
   * Newest first, without candidates that were taken back: what answers some or all requests, and what did before.
   * @throws EsteiraError `endpoint-not-found`
   */
  listAnswering(endpoint: string, limit: number): Revision[] {
    this.get(endpoint)
    return this.#store.all(
      revisionRow,
      `SELECT ${revisionColumns} FROM revision v WHERE endpoint = $endpoint AND NOT EXISTS (
         SELECT 1 FROM rollout r WHERE r.revision_id = v.id AND r.state IN ('rolled-back', 'aborted'))
       ORDER BY number DESC LIMIT $limit`,
      { endpoint, limit },
    )
  }

  /**
   * What answered before the current revision: a candidate that was not promoted never did.
   * @throws EsteiraError `endpoint-not-found`, `revision-not-found` where there was none
   */
  previousRevision(endpoint: string): Revision {
    const current = this.get(endpoint).revision?.number ?? 0
    const found = this.#store.get(
      z.object({ number: z.number() }),
      `SELECT number FROM revision v WHERE endpoint = $endpoint AND number < $current
         AND NOT EXISTS (SELECT 1 FROM rollout r WHERE r.revision_id = v.id AND r.state <> 'promoted')
       ORDER BY number DESC LIMIT 1`,
      { endpoint, current },
    )
    return this.getRevision(endpoint, found?.number ?? 0)
  }

  /** Tells listeners how the endpoint is now; nothing if there is none. */
  publish(name: string): void {
    const endpoint = this.find(name)
    if (endpoint !== undefined) this.#events.publish({ type: 'endpoint-changed', at: this.#clock(), endpoint })
  }

  #insertRevision({ endpoint, model, version, actor, reason }: NewRevision): Revision {
    const at = this.#clock()
    const last = this.#store.get(
      z.object({ number: z.number() }),
      'SELECT number FROM revision WHERE endpoint = $endpoint ORDER BY number DESC LIMIT 1',
      { endpoint },
    )
    const revision = {
      id: newId(at),
      endpoint,
      number: (last?.number ?? 0) + 1,
      model,
      version,
      createdAt: at,
      actor,
      reason,
    }
    this.#store.run(
      `INSERT INTO revision (id, endpoint, number, model, version, created_at, actor, reason)
       VALUES ($id, $endpoint, $number, $model, $version, $createdAt, $actor, $reason)`,
      revision,
    )
    return revision
  }

  #findRow(name: string): z.output<typeof endpointRow> | undefined {
    return this.#store.get(endpointRow, `SELECT ${endpointColumns} FROM endpoint WHERE name = $name`, { name })
  }

  #describe(row: z.output<typeof endpointRow>): Endpoint {
    const { name, projectId, createdAt, revisionId } = row
    const revision =
      revisionId === null
        ? undefined
        : this.#store.get(revisionRow, `SELECT ${revisionColumns} FROM revision v WHERE id = $id`, { id: revisionId })
    if (revision === undefined) return { name, projectId, createdAt, revision: null, state: 'empty', url: null }
    const { state, message, url } = this.#live(name)
    return { name, projectId, createdAt, revision, state, ...(message !== undefined && { message }), url }
  }
}
