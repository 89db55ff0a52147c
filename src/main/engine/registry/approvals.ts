/**
 * What gates ask of people, and what these decide. Nothing here is ever changed: an approval stands where its last decision
 * and the ledger of alias moves say. It is obsolete once the alias has moved to its version or a newer one by other ways.
 */
import { z } from 'zod'
import {
  type Approval,
  type ApprovalDecision,
  type ApprovalState,
  approvalDecisionSchema,
  approvalSchema,
} from '#shared/approvals.ts'
import type { Page } from '#shared/names.ts'
import { type RolloutSpec, rolloutSpecSchema } from '#shared/rollout.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import { newId } from '../kernel/ids.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import { judgementColumn, judgementSql, withoutNoGate } from './judgement.ts'
import type { PageRequest, Registry } from './registry.ts'

export interface ApprovalRequest {
  readonly projectId: string
  readonly model: string
  readonly version: number
  /** What moves to the version if it is approved. */
  readonly alias: string
  readonly runId: string
  readonly step: string
  readonly verdictHash: string
  readonly reason: string
}

export interface DecisionRequest {
  readonly id: string
  /** Who: `api`. */
  readonly actor: string
  readonly reason: string
}

export interface ApprovalFilter extends PageRequest {
  readonly state?: ApprovalState | undefined
  readonly model?: string | undefined
  readonly projectId?: string | undefined
}

const stateSql = `CASE (SELECT d.decision FROM approval_decision d WHERE d.approval_id = a.id ORDER BY d.id DESC LIMIT 1)
    WHEN 'approve' THEN 'approved'
    WHEN 'reject' THEN 'rejected'
    ELSE CASE WHEN EXISTS (SELECT 1 FROM alias_move m
        WHERE m.model = a.model AND m.alias = a.alias AND m.to_version >= a.version AND m.id > a.id)
      THEN 'obsolete' ELSE 'pending' END
  END`
const columns = `
  a.id, a.project_id AS projectId, a.model, a.version, a.alias, a.run_id AS runId, a.step,
  a.verdict_hash AS verdictHash, a.reason, a.created_at AS createdAt, ${stateSql} AS state,
  ${judgementSql({ model: 'a.model', version: 'a.version', reason: 'a.reason' })} AS gate,
  (SELECT json_group_array(endpoint ORDER BY endpoint) FROM approval_endpoint e WHERE e.approval_id = a.id) AS endpoints,
  (SELECT json_group_object(endpoint, json(rollout)) FROM approval_endpoint e
    WHERE e.approval_id = a.id AND e.rollout IS NOT NULL) AS rollouts,
  (SELECT json_object('decision', d.decision, 'at', d.at, 'actor', d.actor, 'reason', d.reason)
    FROM approval_decision d WHERE d.approval_id = a.id ORDER BY d.id DESC LIMIT 1) AS decision`
const approvalRow = approvalSchema
  .extend({
    gate: judgementColumn,
    endpoints: jsonColumn(z.array(z.string())),
    rollouts: jsonColumn(z.record(z.string(), rolloutSpecSchema)),
    decision: jsonColumn(approvalDecisionSchema).nullable(),
  })
  .transform(withoutNoGate)

export class Approvals {
  readonly #store: Store
  readonly #registry: Pick<Registry, 'moveAlias'>
  readonly #clock: Clock
  readonly #events: EventBus

  constructor(parts: { store: Store; registry: Pick<Registry, 'moveAlias'>; clock: Clock; events: EventBus }) {
    this.#store = parts.store
    this.#registry = parts.registry
    this.#clock = parts.clock
    this.#events = parts.events
  }

  /** Asks. The same version asked about again gives the approval that there is, wherever it stands. */
  request(request: ApprovalRequest): Approval {
    const { added, approval } = this.#store.transaction(() => {
      const { model, version, alias } = request
      const known = this.#store.get(
        z.object({ id: z.string() }),
        'SELECT id FROM approval WHERE model = $model AND version = $version AND alias = $alias',
        { model, version, alias },
      )
      if (known !== undefined) return { added: false, approval: this.get(known.id) }
      const at = this.#clock()
      const id = newId(at)
      this.#store.run(
        `INSERT INTO approval (id, project_id, model, version, alias, run_id, step, verdict_hash, reason, created_at)
         VALUES ($id, $projectId, $model, $version, $alias, $runId, $step, $verdictHash, $reason, $at)`,
        { ...request, id, at },
      )
      return { added: true, approval: this.get(id) }
    })
    if (added) this.#publish(approval)
    return approval
  }

  /**
   * Notes where an approval deploys, and how: as the last run that asks wants it. Where the approval stands tells the step
   * that asks whether to wait.
   */
  planDeployment(id: string, endpoint: string, rollout?: RolloutSpec): Approval {
    const { changed, approval } = this.#store.transaction(() => {
      const sql = `INSERT INTO approval_endpoint (approval_id, endpoint, rollout) VALUES ($id, $endpoint, $rollout)
        ON CONFLICT DO UPDATE SET rollout = excluded.rollout WHERE rollout IS NOT excluded.rollout`
      const plan = { id, endpoint, rollout: rollout === undefined ? null : JSON.stringify(rollout) }
      // What is approved already, the step deploys itself.
      const rows = this.get(id).state === 'pending' ? this.#store.run(sql, plan) : 0
      return { changed: rows > 0, approval: this.get(id) }
    })
    if (changed) this.#publish(approval)
    return approval
  }

  /** @throws EsteiraError `approval-not-found` */
  get(id: string): Approval {
    const found = this.#store.get(approvalRow, `SELECT ${columns} FROM approval a WHERE a.id = $id`, { id })
    if (found !== undefined) return found
    throw new EsteiraError('approval-not-found', `There is no approval "${id}".`, {
      found: id,
      next: 'List the approvals with `esteira models approvals`.',
    })
  }

  /** Newest first. */
  list({ state, model, projectId, limit, cursor }: ApprovalFilter): Page<Approval> {
    const rows = this.#store.all(
      approvalRow,
      `SELECT * FROM (SELECT ${columns} FROM approval a WHERE a.id < $before
         AND ($model IS NULL OR a.model = $model) AND ($projectId IS NULL OR a.project_id = $projectId))
       WHERE $state IS NULL OR state = $state ORDER BY id DESC LIMIT $limit`,
      {
        before: cursor ?? '~',
        model: model ?? null,
        projectId: projectId ?? null,
        state: state ?? null,
        limit: limit + 1,
      },
    )
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return rows.length > limit && last ? { items, nextCursor: last.id } : { items }
  }

  /**
   * Moves the alias, with the decision in the same transaction. Approving what is approved changes nothing.
   * @throws EsteiraError `approval-not-found`, `approval-decided` where it was rejected or is obsolete
   */
  approve(request: DecisionRequest): Approval {
    return this.#decide(request, 'approve', ['pending'], 'approved', ({ model, alias, version, ...about }) => {
      const reason = request.reason === '' ? about.reason : request.reason
      const { verdictHash, runId, step, id: approvalId } = about
      const evidence = { verdictHash, runId, step, approvalId }
      this.#registry.moveAlias({ model, alias, version, actor: request.actor, reason, evidence })
    })
  }

  /** @throws EsteiraError `approval-not-found`, `approval-decided` where it was approved or is obsolete */
  reject(request: DecisionRequest): Approval {
    return this.#decide(request, 'reject', ['pending'], 'rejected')
  }

  /** Takes a rejection back. @throws EsteiraError `approval-not-found`, `approval-decided` where it was approved or is obsolete */
  reopen(request: DecisionRequest): Approval {
    return this.#decide(request, 'reopen', ['rejected'], 'pending')
  }

  /** Approved, not deployed everywhere yet, and still what the alias points at: a kill came between. */
  unfinished(): { approval: Approval; endpoints: string[] }[] {
    const rows = this.#store.all(
      z.object({ id: z.string(), endpoint: z.string() }),
      `SELECT a.id, e.endpoint FROM approval a JOIN approval_endpoint e ON e.approval_id = a.id
       JOIN model_alias n ON n.model = a.model AND n.alias = a.alias AND n.version = a.version
       WHERE e.done_at IS NULL AND ${stateSql} = 'approved' ORDER BY a.id, e.endpoint`,
    )
    return [...Map.groupBy(rows, ({ id }) => id)].map(([id, endpoints]) => ({
      approval: this.get(id),
      endpoints: endpoints.map(({ endpoint }) => endpoint),
    }))
  }

  /** The version answers at the endpoint, or its rollout has started there. */
  deployed(id: string, endpoint: string): void {
    this.#store.run(
      'UPDATE approval_endpoint SET done_at = $at WHERE approval_id = $id AND endpoint = $endpoint AND done_at IS NULL',
      { id, endpoint, at: this.#clock() },
    )
  }

  #decide(
    { id, actor, reason }: DecisionRequest,
    decision: ApprovalDecision['decision'],
    from: readonly ApprovalState[],
    to: ApprovalState,
    act: (approval: Approval) => void = () => {},
  ): Approval {
    const { changed, approval } = this.#store.transaction(() => {
      const before = this.get(id)
      if (before.state === to) return { changed: false, approval: before }
      if (!from.includes(before.state)) throw notOpen(before, from)
      this.#store.run(
        `INSERT INTO approval_decision (id, approval_id, decision, at, actor, reason)
         VALUES ($decisionId, $id, $decision, $at, $actor, $reason)`,
        { decisionId: newId(this.#clock()), id, decision, at: this.#clock(), actor, reason },
      )
      act(before)
      return { changed: true, approval: this.get(id) }
    })
    if (changed) this.#publish(approval)
    return approval
  }

  #publish(approval: Approval): void {
    this.#events.publish({ type: 'approval-changed', at: this.#clock(), approval })
  }
}

function notOpen({ model, version, alias, state }: Approval, allowed: readonly ApprovalState[]): EsteiraError {
  const why =
    state === 'obsolete' ? `the alias "${alias}" has since moved to it or to a newer version` : `it is ${state}`
  return new EsteiraError('approval-decided', `Version ${version} of "${model}" can no longer be decided on: ${why}.`, {
    found: state,
    allowed: allowed.join(', '),
    next: `Move the alias by hand: esteira models alias ${model} ${alias} ${version}.`,
  })
}
