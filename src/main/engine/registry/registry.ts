/** Models, their immutable versions, and the aliases that move between them. */
import { z } from 'zod'
import type { Verdict } from '#shared/gate.ts'
import type { AliasMove, Metrics, ModelVersion, MoveEvidence, RegisteredModel, Signature } from '#shared/models.ts'
import { nameSchema, type Page } from '#shared/names.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError, nearestName } from '../kernel/errors.ts'
import type { EventBus } from '../kernel/events.ts'
import { newId } from '../kernel/ids.ts'
import type { Store } from '../store/store.ts'
import { parseModelReference } from './reference.ts'
import { modelColumns, modelRow, moveColumns, moveRow, versionColumns, versionRow } from './rows.ts'

/** The version that is meant to answer. Once a model has a champion it always has exactly one. */
export const championAlias = 'champion'
/** Always the newest version: computed, never stored, so nobody can move it. */
export const latestAlias = 'latest'

export interface NewVersion {
  readonly model: string
  /** The model artifact; it must be recorded already. */
  readonly artifactHash: string
  readonly signature: Signature
  readonly metrics: Metrics
  readonly verdict?: Verdict | undefined
  /** Of the model, not of the version. Left out: stays as it is. */
  readonly description?: string | undefined
  readonly projectId: string
  readonly runId: string
  readonly step: string
}

export interface AliasChange {
  readonly model: string
  readonly alias: string
  /** Who: `run <id>`, `api`, `cli`. */
  readonly actor: string
  readonly reason: string
  /** What the move rests on; left out for one by hand. */
  readonly evidence?: Partial<MoveEvidence> | undefined
}

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

const wholeNumber = z.object({ value: z.number() })

export class Registry {
  readonly #store: Store
  readonly #clock: Clock
  readonly #events: EventBus

  constructor(store: Store, clock: Clock, events: EventBus) {
    this.#store = store
    this.#clock = clock
    this.#events = events
  }

  /**
   * Adds the next version of a model, and the model itself if it is new. The same artifact registered again gives the
   * version it already has, unchanged.
   * @throws EsteiraError `model-owned-elsewhere`, `invalid-request` (not a name)
   */
  registerVersion(request: NewVersion): ModelVersion {
    checkName('model', request.model)
    const { version, changed } = this.#store.transaction(() => {
      const modelChanged = this.#keepModel(request)
      const known = this.#findByArtifact(request.model, request.artifactHash)
      if (known !== undefined) return { version: known, changed: modelChanged }
      return { version: this.#insertVersion(request), changed: true }
    })
    if (changed) this.#publish(request.model)
    return version
  }

  /** All models by name. */
  listModels(): RegisteredModel[] {
    return this.#store.all(modelRow, `SELECT ${modelColumns} FROM model ORDER BY name`)
  }

  /** @throws EsteiraError `model-not-found` */
  getModel(name: string): RegisteredModel {
    const model = this.#findModel(name)
    if (model !== undefined) return model
    const names = this.#store.all(modelRow.pick({ name: true }), 'SELECT name FROM model').map((row) => row.name)
    throw new EsteiraError('model-not-found', `There is no model named "${name}".`, {
      found: name,
      nearest: nearestName(name, names),
      next: 'Register a version with the step model/register, or list the models.',
    })
  }

  /** Says what a model is for. @throws EsteiraError `model-not-found` */
  describe(name: string, description: string): void {
    if (this.getModel(name).description === description) return
    this.#setDescription(name, description)
    this.#publish(name)
  }

  /** Newest first. @throws EsteiraError `model-not-found` */
  listVersions(model: string, page: PageRequest): Page<ModelVersion> {
    this.getModel(model)
    const before = Number(page.cursor ?? Number.MAX_SAFE_INTEGER)
    const rows = this.#store.all(
      versionRow,
      `SELECT ${versionColumns} FROM model_version WHERE model = $model AND version < $before
       ORDER BY version DESC LIMIT $limit`,
      { model, before, limit: page.limit + 1 },
    )
    return toPage(rows, page.limit, (version) => String(version.version))
  }

  /** @throws EsteiraError `model-not-found`, `model-version-not-found` */
  getVersion(model: string, version: number): ModelVersion {
    const found = this.#findVersion(model, version)
    if (found !== undefined) return found
    const newest = this.getModel(model).latestVersion
    throw new EsteiraError('model-version-not-found', `Model "${model}" has no version ${version}.`, {
      found: String(version),
      allowed: newest === null ? 'it has no versions yet' : newest === 1 ? '1' : `1 to ${newest}`,
    })
  }

  /**
   * The version that `model@alias` or `model/version` names; `model@latest` is the newest.
   * @throws EsteiraError `invalid-request`, `model-not-found`, `model-version-not-found`
   */
  resolve(reference: string): ModelVersion {
    const { model, target } = parseModelReference(reference)
    if ('version' in target) return this.getVersion(model, target.version)
    const found = this.tryResolve(reference)
    if (found !== undefined) return found
    const aliases = Object.keys(this.getModel(model).aliases)
    throw new EsteiraError('model-version-not-found', `Model "${model}" has no alias "${target.alias}".`, {
      found: reference,
      allowed: [...aliases, latestAlias].map((alias) => `${model}@${alias}`).join(', '),
      nearest: nearestName(target.alias, [...aliases, latestAlias]),
    })
  }

  /**
   * As resolve, but undefined where there is no such model, alias or version: for whoever copes without one.
   * @throws EsteiraError `invalid-request` when the reference is malformed
   */
  tryResolve(reference: string): ModelVersion | undefined {
    const { model, target } = parseModelReference(reference)
    if ('version' in target) return this.#findVersion(model, target.version)
    const version = target.alias === latestAlias ? this.#newestVersion(model) : this.#aliasVersion(model, target.alias)
    return version === undefined ? undefined : this.#findVersion(model, version)
  }

  /**
   * Points an alias at a version and adds the move to the ledger. An alias that already points there is left alone, so
   * that a step repeated after a crash leaves one entry.
   * @throws EsteiraError `model-not-found`, `model-version-not-found`, `alias-reserved`, `invalid-request` (not a name)
   */
  moveAlias(change: AliasChange & { readonly version: number }): void {
    checkName('alias', change.alias)
    if (change.alias === latestAlias)
      throw reserved(change, `The alias "${latestAlias}" always names the newest version.`)
    const moved = this.#store.transaction(() => {
      this.getVersion(change.model, change.version)
      const from = this.#aliasVersion(change.model, change.alias)
      if (from === change.version) return false
      this.#store.run(
        `INSERT INTO model_alias (model, alias, version) VALUES ($model, $alias, $version)
         ON CONFLICT DO UPDATE SET version = excluded.version`,
        { model: change.model, alias: change.alias, version: change.version },
      )
      this.#recordMove(change, from ?? null, change.version)
      return true
    })
    if (moved) this.#publish(change.model)
  }

  /**
   * Removes an alias and adds that to the ledger. The champion can only be moved: something must answer.
   * @throws EsteiraError `model-not-found`, `model-version-not-found` (no such alias), `alias-reserved`
   */
  removeAlias(change: AliasChange): void {
    if (change.alias === championAlias || change.alias === latestAlias) {
      throw reserved(change, `The alias "${change.alias}" cannot be removed.`)
    }
    this.#store.transaction(() => {
      const from = this.resolve(`${change.model}@${change.alias}`).version
      this.#store.run('DELETE FROM model_alias WHERE model = $model AND alias = $alias', {
        model: change.model,
        alias: change.alias,
      })
      this.#recordMove(change, from, null)
    })
    this.#publish(change.model)
  }

  /** The ledger of alias moves of a model, newest first. @throws EsteiraError `model-not-found` */
  history(model: string, page: PageRequest): Page<AliasMove> {
    this.getModel(model)
    const rows = this.#store.all(
      moveRow,
      `SELECT ${moveColumns} FROM alias_move WHERE model = $model AND id < $before ORDER BY id DESC LIMIT $limit`,
      { model, before: page.cursor ?? '~', limit: page.limit + 1 },
    )
    return toPage(rows, page.limit, (move) => move.id)
  }

  /** Adds the model or changes its description; true if anything changed. */
  #keepModel({ model, projectId, description }: NewVersion): boolean {
    const known = this.#findModel(model)
    if (known === undefined) {
      this.#store.run(
        'INSERT INTO model (name, project_id, description, created_at) VALUES ($model, $projectId, $description, $at)',
        { model, projectId, description: description ?? '', at: this.#clock() },
      )
      return true
    }
    if (known.projectId !== projectId) {
      throw new EsteiraError('model-owned-elsewhere', `The model "${model}" belongs to another project of this home.`, {
        found: `project ${projectId}`,
        allowed: `project ${known.projectId}`,
        next: 'Choose another model name: names are unique in a home.',
      })
    }
    if (description === undefined || description === known.description) return false
    this.#setDescription(model, description)
    return true
  }

  #setDescription(model: string, description: string): void {
    this.#store.run('UPDATE model SET description = $description WHERE name = $model', { model, description })
  }

  #insertVersion(request: NewVersion): ModelVersion {
    const version = (this.#newestVersion(request.model) ?? 0) + 1
    this.#store.run(
      `INSERT INTO model_version
         (model, version, artifact_hash, signature, metrics, verdict, project_id, run_id, step, created_at)
       VALUES ($model, $version, $artifactHash, $signature, $metrics, $verdict, $projectId, $runId, $step, $at)`,
      {
        model: request.model,
        version,
        artifactHash: request.artifactHash,
        signature: JSON.stringify(request.signature),
        metrics: JSON.stringify(request.metrics),
        verdict: request.verdict === undefined ? null : JSON.stringify(request.verdict),
        projectId: request.projectId,
        runId: request.runId,
        step: request.step,
        at: this.#clock(),
      },
    )
    return this.getVersion(request.model, version)
  }

  #recordMove(change: AliasChange, from: number | null, to: number | null): void {
    this.#store.run(
      `INSERT INTO alias_move
         (id, model, alias, from_version, to_version, at, actor, reason, verdict_hash, run_id, step, approval_id,
          endpoint, revision, rollout_id)
       VALUES ($id, $model, $alias, $from, $to, $at, $actor, $reason, $verdictHash, $runId, $step, $approvalId,
          $endpoint, $revision, $rolloutId)`,
      {
        id: newId(this.#clock()),
        model: change.model,
        alias: change.alias,
        from,
        to,
        at: this.#clock(),
        actor: change.actor,
        reason: change.reason,
        verdictHash: change.evidence?.verdictHash ?? null,
        runId: change.evidence?.runId ?? null,
        step: change.evidence?.step ?? null,
        approvalId: change.evidence?.approvalId ?? null,
        endpoint: change.evidence?.endpoint ?? null,
        revision: change.evidence?.revision ?? null,
        rolloutId: change.evidence?.rolloutId ?? null,
      },
    )
  }

  #findModel(name: string): RegisteredModel | undefined {
    return this.#store.get(modelRow, `SELECT ${modelColumns} FROM model WHERE name = $name`, { name })
  }

  #findVersion(model: string, version: number): ModelVersion | undefined {
    return this.#store.get(
      versionRow,
      `SELECT ${versionColumns} FROM model_version WHERE model = $model AND version = $version`,
      { model, version },
    )
  }

  #findByArtifact(model: string, artifactHash: string): ModelVersion | undefined {
    return this.#store.get(
      versionRow,
      `SELECT ${versionColumns} FROM model_version WHERE model = $model AND artifact_hash = $artifactHash`,
      { model, artifactHash },
    )
  }

  #newestVersion(model: string): number | undefined {
    return this.#store.get(
      wholeNumber,
      'SELECT version AS value FROM model_version WHERE model = $model ORDER BY version DESC LIMIT 1',
      { model },
    )?.value
  }

  #aliasVersion(model: string, alias: string): number | undefined {
    return this.#store.get(
      wholeNumber,
      'SELECT version AS value FROM model_alias WHERE model = $model AND alias = $alias',
      { model, alias },
    )?.value
  }

  #publish(model: string): void {
    this.#events.publish({ type: 'model-changed', at: this.#clock(), model })
  }
}

function checkName(what: string, name: string): void {
  const problem = nameSchema.safeParse(name).error?.issues[0]?.message
  if (problem === undefined) return
  throw new EsteiraError('invalid-request', `The name of the ${what} ${problem}.`, { found: name })
}

function reserved(change: AliasChange, detail: string): EsteiraError {
  return new EsteiraError('alias-reserved', detail, {
    where: `${change.model}@${change.alias}`,
    next: `Move the alias "${championAlias}" to another version to change what answers.`,
  })
}

/** `rows` holds one more than the limit where there is a next page. */
function toPage<Item>(rows: readonly Item[], limit: number, cursorOf: (item: Item) => string): Page<Item> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return rows.length > limit && last !== undefined ? { items, nextCursor: cursorOf(last) } : { items }
}
