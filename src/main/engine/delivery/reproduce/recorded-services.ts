/**
 * What the steps of a run that is repeated hear of the registry: what it said when the first run asked, and nothing that
 * they ask for changes it.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Approval } from '#shared/approvals.ts'
import { verdictSchema } from '#shared/gate.ts'
import type { ModelVersion } from '#shared/models.ts'
import type { Run } from '#shared/runs.ts'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { MeasuredFigures, RegisterVersionRequest, ResolvedModel, StepServices } from '../../pipelines/component.ts'
import { parseModelReference } from '../../registry/reference.ts'
import { latestAlias, type Registry } from '../../registry/registry.ts'
import type { Store } from '../../store/store.ts'

export interface PastParts {
  readonly store: Store
  readonly registry: Registry
  readonly artifacts: Pick<ArtifactStore, 'files'>
}

const versionNumber = z.object({ version: z.number() })

/** @param ordinary answers what no run can change */
export function recordedServices(
  parts: PastParts,
  original: Run,
  ordinary: (step: string) => StepServices,
): (step: string) => StepServices {
  return (step) => {
    const execution = original.steps.find(({ name }) => name === step)
    const past = new Past(parts, execution?.startedAt ?? original.createdAt)
    return {
      ...ordinary(step),
      resolveModel: (reference) => past.resolve(reference),
      registerVersion: async (request) => past.registered(request, original, step),
      moveAlias: async () => {},
      requestApproval: async (request) => unanswered(request, original, step),
      planDeployment: async ({ approval, endpoint }) => {
        const [model = '', version = ''] = approval.split('/')
        const asked = { model, version: Number(version), alias: 'champion', verdictHash: '', reason: '' }
        return { ...unanswered(asked, original, step), endpoints: [endpoint] }
      },
      answering: ({ endpoint }) => past.answering(endpoint),
      keepFeatureView: async () => {},
      measuredBefore: () => past.measured(execution?.outputs.verdict),
      deploy: async ({ endpoint, model, version, reason }) => ({
        revision: {
          id: original.id,
          endpoint,
          number: typeof execution?.values.revision === 'number' ? execution.values.revision : 1,
          model,
          version,
          createdAt: execution?.startedAt ?? original.createdAt,
          actor: `run ${original.id}`,
          reason,
        },
        url: typeof execution?.values.url === 'string' ? execution.values.url : null,
      }),
    }
  }
}

/** Nobody is asked again: the step ends as it did while the person had not answered yet. */
function unanswered(
  { model, version, alias, verdictHash, reason }: Parameters<StepServices['requestApproval']>[0],
  { projectId, id: runId, createdAt }: Run,
  step: string,
): Approval {
  const asked = { model, version, alias, verdictHash, reason }
  return {
    id: `${model}/${version}`,
    projectId,
    ...asked,
    endpoints: [],
    rollouts: {},
    runId,
    step,
    createdAt,
    state: 'pending',
    decision: null,
  }
}

/** The registry as it was at an instant, from the ledger of alias moves. */
class Past {
  readonly #parts: PastParts
  readonly #at: number

  constructor(parts: PastParts, at: number) {
    this.#parts = parts
    this.#at = at
  }

  async resolve(reference: string): Promise<ResolvedModel | undefined> {
    const { model, target } = parseModelReference(reference)
    const number = 'version' in target ? target.version : this.#aliasVersion(model, target.alias)
    const version = number === undefined ? undefined : this.#parts.registry.tryResolve(`${model}/${number}`)
    if (version === undefined) return undefined
    return { version: this.#asItWas(version), files: await this.#parts.artifacts.files(version.artifactHash) }
  }

  async answering(endpoint: string): Promise<ResolvedModel | undefined> {
    const answers = this.#parts.store.get(
      z.object({ model: z.string(), version: z.number() }),
      'SELECT model, version FROM revision WHERE endpoint = $endpoint AND created_at < $at ORDER BY number DESC LIMIT 1',
      { endpoint, at: this.#at },
    )
    return answers === undefined ? undefined : await this.resolve(`${answers.model}/${answers.version}`)
  }

  /** @param verdictHash of what the step made in the first run */
  async measured(verdictHash: string | undefined): Promise<MeasuredFigures | undefined> {
    if (verdictHash === undefined) return undefined
    const path = (await this.#parts.artifacts.files(verdictHash)).get('verdict.json')
    if (path === undefined) return undefined
    const { deployment } = verdictSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    if (deployment === undefined || deployment.problem !== null) return undefined
    const { loadMs, latencyMs, memoryBytes } = deployment
    return { loadMs, latencyMs, memoryBytes }
  }

  /** The version that the first run made of the same artifact; of another one, what it would have become. */
  registered(request: RegisterVersionRequest, original: Run, step: string): ModelVersion {
    const { model, artifactHash, signature, metrics, verdict } = request
    const same = this.#versionOf(model, 'artifact_hash = $key', artifactHash)
    if (same !== undefined) return this.#asItWas(same)
    const number = this.#versionOf(model, "run_id || ' ' || step = $key", `${original.id} ${step}`)?.version
    return {
      model,
      version: number ?? (this.#aliasVersion(model, latestAlias) ?? 0) + 1,
      createdAt: this.#at,
      projectId: original.projectId,
      runId: original.id,
      step,
      artifactHash,
      signature,
      metrics,
      ...(verdict !== undefined && { verdict }),
      aliases: [],
    }
  }

  #versionOf(model: string, condition: string, key: string): ModelVersion | undefined {
    const found = this.#parts.store.get(
      versionNumber,
      `SELECT version FROM model_version WHERE model = $model AND ${condition}`,
      { model, key },
    )
    return found === undefined ? undefined : this.#parts.registry.getVersion(model, found.version)
  }

  #asItWas(version: ModelVersion): ModelVersion {
    const row = z.object({ alias: z.string() })
    const aliases = this.#parts.store.all(
      row,
      'SELECT DISTINCT alias FROM alias_move WHERE model = $model ORDER BY alias',
      {
        model: version.model,
      },
    )
    const held = aliases.filter(({ alias }) => this.#aliasVersion(version.model, alias) === version.version)
    return { ...version, aliases: held.map(({ alias }) => alias) }
  }

  #aliasVersion(model: string, alias: string): number | undefined {
    const parameters = { model, at: this.#at }
    if (alias === latestAlias) {
      const sql = `SELECT version FROM model_version WHERE model = $model AND created_at < $at ORDER BY version DESC LIMIT 1`
      return this.#parts.store.get(versionNumber, sql, parameters)?.version
    }
    const row = z.object({ version: z.number().nullable() })
    const sql = `SELECT to_version AS version FROM alias_move
      WHERE model = $model AND alias = $alias AND at < $at ORDER BY id DESC LIMIT 1`
    return this.#parts.store.get(row, sql, { ...parameters, alias })?.version ?? undefined
  }
}
