/**
 * Before a revision gets traffic: its package is loaded into a serving runtime of its own, answers the requests that were
 * recorded with it, and stays within the budget of the endpoint under a short load. What was found is kept.
 */
import { z } from 'zod'
import type { Signature } from '#shared/models.ts'
import {
  defaultBudget,
  type EndpointBudget,
  endpointBudgetSchema,
  type InfrastructureCheck,
  infrastructureCheckSchema,
} from '#shared/rollout.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { jsonColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'
import { type GoldenFile, readGolden } from '../../training/golden.ts'
import type { ModelToServe } from '../live-model.ts'
import { type TrialResult, tryServing } from '../trial.ts'

export interface CheckRequest {
  readonly endpoint: string
  readonly source: ModelToServe
  readonly signature: Signature
  /** Of the model package. */
  readonly artifactHash: string
}

const timeoutMs = 120_000
const shortLoad = { requests: 200, connections: 4 }
const mebibyte = 1024 ** 2

export class InfrastructureChecks {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  budget(endpoint: string): EndpointBudget {
    const row = z.object({ budget: jsonColumn(endpointBudgetSchema) })
    const sql = 'SELECT budget FROM endpoint_budget WHERE endpoint = $endpoint'
    return this.#store.get(row, sql, { endpoint })?.budget ?? defaultBudget
  }

  /** Only what is given changes; of what answers already, nothing does. */
  changeBudget(
    endpoint: string,
    change: { [Key in keyof EndpointBudget]?: EndpointBudget[Key] | undefined },
  ): EndpointBudget {
    const budget = endpointBudgetSchema.parse({ ...this.budget(endpoint), ...JSON.parse(JSON.stringify(change)) })
    this.#store.run(
      `INSERT INTO endpoint_budget (endpoint, budget) VALUES ($endpoint, $budget)
       ON CONFLICT (endpoint) DO UPDATE SET budget = excluded.budget`,
      { endpoint, budget: JSON.stringify(budget) },
    )
    return budget
  }

  /** Newest first. */
  list(endpoint: string, limit: number): InfrastructureCheck[] {
    const sql = 'SELECT evidence FROM infrastructure_check WHERE endpoint = $endpoint ORDER BY id DESC LIMIT $limit'
    return this.#store.all(evidenceRow, sql, { endpoint, limit }).map(({ evidence }) => evidence)
  }

  /**
   * A package that has passed with the same budget is not tried again: going back must not wait.
   * @throws EsteiraError `infrastructure-check-failed` with every problem
   */
  async check(request: CheckRequest): Promise<InfrastructureCheck> {
    const budget = this.budget(request.endpoint)
    const found = this.#passed(request.artifactHash, budget) ?? (await this.#try(request, budget))
    if (found.passed) return found
    const { model, version } = request.source
    throw new EsteiraError(
      'infrastructure-check-failed',
      `Version ${version} of "${model}" does not get any traffic: ${found.problems.join(' ')}`,
      {
        where: request.endpoint,
        found: found.problems.join(' '),
        allowed: `p99 of ${budget.latencyP99Ms} ms, ${budget.memoryMb} MB, answers within ${budget.tolerance}`,
        next: 'What answers now goes on answering. Change the budget of the endpoint, or deploy another version.',
      },
    )
  }

  #passed(artifactHash: string, budget: EndpointBudget): InfrastructureCheck | undefined {
    const sql =
      'SELECT evidence FROM infrastructure_check WHERE artifact_hash = $artifactHash AND passed = 1 ORDER BY id DESC'
    return this.#store
      .all(evidenceRow, sql, { artifactHash })
      .map(({ evidence }) => evidence)
      .find((evidence) => JSON.stringify(evidence.budget) === JSON.stringify(budget))
  }

  async #try({ endpoint, source, signature, artifactHash }: CheckRequest, budget: EndpointBudget) {
    const golden = await readGolden(source.files)
    const trial = await tryServing({
      source,
      signature,
      rows: golden?.rows ?? [],
      expected: golden?.outputs ?? [],
      ...(golden !== undefined && { load: shortLoad }),
      timeoutMs,
      tries: 2,
      signal: AbortSignal.timeout(2 * timeoutMs),
    })
    const at = this.#clock()
    const evidence = judge({ at, source, artifactHash, budget, golden, trial })
    this.#store.run(
      `INSERT INTO infrastructure_check (id, endpoint, artifact_hash, passed, evidence)
       VALUES ($id, $endpoint, $artifactHash, $passed, $evidence)`,
      { id: newId(at), endpoint, artifactHash, passed: evidence.passed ? 1 : 0, evidence: JSON.stringify(evidence) },
    )
    return evidence
  }
}

const evidenceRow = z.object({ evidence: jsonColumn(infrastructureCheckSchema) })

interface Tried {
  readonly at: number
  readonly source: Pick<ModelToServe, 'model' | 'version'>
  readonly artifactHash: string
  readonly budget: EndpointBudget
  readonly golden: GoldenFile | undefined
  readonly trial: TrialResult
}

/** Pure. */
export function judge({ at, source, artifactHash, budget, golden, trial }: Tried): InfrastructureCheck {
  const sorted = [...trial.loadLatenciesMs].sort((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
  const [latencyP50Ms, latencyP99Ms] = [quantile(0.5), quantile(0.99)]
  const { memoryBytes, problem } = trial
  // What is no number is as far off as can be.
  const maxDifference = Number.isNaN(trial.maxDifference) ? Number.MAX_VALUE : trial.maxDifference
  const problems = [
    problem !== null && problem,
    maxDifference !== null &&
      maxDifference > budget.tolerance &&
      `A recorded request is answered otherwise, by up to ${maxDifference.toPrecision(3)}.`,
    latencyP99Ms !== null &&
      latencyP99Ms > budget.latencyP99Ms &&
      `The slowest hundredth of requests takes ${latencyP99Ms.toFixed(1)} ms.`,
    memoryBytes !== null &&
      memoryBytes > budget.memoryMb * mebibyte &&
      `It takes ${(memoryBytes / mebibyte).toFixed(1)} MB of memory.`,
  ].filter((each) => each !== false)
  return {
    passed: problems.length === 0,
    at,
    artifactHash,
    model: source.model,
    version: source.version,
    budget,
    loadMs: trial.loadMs,
    goldenRequests: golden?.rows.length ?? 0,
    maxDifference,
    loadRequests: sorted.length,
    latencyP50Ms,
    latencyP99Ms,
    memoryBytes,
    problems,
  }
}
