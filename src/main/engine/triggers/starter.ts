/** Carries decisions out: each is stored in the transaction that makes its run, or alone where there is none. */
import type { Parameters, Run } from '#shared/runs.ts'
import { startedByTrigger } from '#shared/triggers.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError, toProblem } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logger.ts'
import type { StartRequest } from '../pipelines/runs.ts'
import { triggerLabel } from '../pipelines/trigger-rule.ts'
import { fillTriggerParameters } from '../pipelines/trigger-template.ts'
import type { Decision } from './decide.ts'
import type { NewDecision } from './decision-store.ts'
import type { StoredTrigger, TriggerStore } from './trigger-store.ts'

export interface StarterOptions {
  readonly triggers: TriggerStore
  readonly runs: { start(request: StartRequest): Promise<Run> }
  readonly clock: Clock
  readonly logger: Logger
  readonly isHeldBack: (triggerId: string) => boolean
}

type Settled = Exclude<Decision, { kind: 'measure' }>
type Start = Extract<Decision, { kind: 'start' }>

interface Started {
  readonly runId: string
  readonly parameters: string
}

export class Starter {
  readonly #options: StarterOptions
  /** Runs started in this look, by pipeline. */
  #started = new Map<string, Started>()

  constructor(options: StarterOptions) {
    this.#options = options
  }

  beginLook(): void {
    this.#started = new Map()
  }

  /** Returns whether there is anything new to tell. */
  async settle(trigger: StoredTrigger, decision: Settled): Promise<boolean> {
    const { triggers } = this.#options
    switch (decision.kind) {
      case 'wait':
        triggers.remember(trigger, decision.memory)
        return false
      case 'start':
        return await this.#start(trigger, decision)
      case 'not':
        if (this.#joins(trigger, decision)) return true
        return triggers.record(trigger, this.#found(decision, decision.outcome), decision.memory)
      default:
        return decision satisfies never
    }
  }

  /** @throws EsteiraError `conflict` while a run of the pipeline goes on, and what starting a run throws */
  async fire(trigger: StoredTrigger, decision: Settled, actor: string): Promise<Run> {
    if (decision.kind !== 'start') {
      throw new EsteiraError('conflict', `A run of the pipeline "${trigger.pipeline}" is under way.`, {
        where: trigger.pipeline,
        next: 'Wait for its end or cancel it; or set "overlap: allow" on the trigger.',
      })
    }
    const { triggers } = this.#options
    return await this.#startRun(trigger, decision, (runId) => {
      const found = this.#found(decision, 'fired')
      triggers.record(trigger, { ...found, runId, actor }, decision.memoryAfter(runId))
    })
  }

  async #start(trigger: StoredTrigger, decision: Start): Promise<boolean> {
    const { triggers, logger, isHeldBack } = this.#options
    const { id, projectId, pipeline } = trigger
    try {
      const run = await this.#startRun(trigger, decision, (runId) => {
        if (isHeldBack(id)) throw new EsteiraError('cancelled', 'The trigger is held back.')
        const outcome = decision.late ? 'started-late' : 'started'
        triggers.record(trigger, { ...this.#found(decision, outcome), runId }, decision.memoryAfter(runId))
      })
      const parameters = canonicalJson(parametersOf(trigger, decision))
      this.#started.set(`${projectId}/${pipeline}`, { runId: run.id, parameters })
      return true
    } catch (error) {
      if (isHeldBack(id)) return false
      logger.warning('a trigger could not start its run', { projectId, pipeline, error })
      const found = { ...this.#found(decision, 'failed'), problem: toProblem(error) }
      return triggers.record(trigger, found, decision.memoryWithout)
    }
  }

  /** The decision is recorded in the transaction that makes the run: either both are there, or it is still due. */
  #startRun(trigger: StoredTrigger, decision: Start, onCreate: (runId: string) => void): Promise<Run> {
    const { projectId, pipeline, spec } = trigger
    return this.#options.runs.start({
      projectId,
      pipeline,
      parameters: parametersOf(trigger, decision),
      startedBy: `${startedByTrigger}${triggerLabel(spec)}`,
      useCache: true,
      onCreate,
    })
  }

  /** Of two triggers that come due at once and ask for the same, one run serves both. */
  #joins(trigger: StoredTrigger, decision: Extract<Decision, { kind: 'not' }>): boolean {
    const started = this.#started.get(`${trigger.projectId}/${trigger.pipeline}`)
    const [hold, ...others] = decision.holds
    if (started === undefined || decision.free === undefined || others.length > 0) return false
    if (hold?.kind !== 'overlap' || hold.runId !== started.runId) return false
    const free = decision.free
    if (canonicalJson(parametersOf(trigger, free)) !== started.parameters) return false
    const found = { ...this.#found(free, free.late ? 'started-late' : 'started'), runId: started.runId }
    this.#options.triggers.record(trigger, found, free.memoryAfter(started.runId))
    return true
  }

  #found(decision: Settled, outcome: NewDecision['outcome']): NewDecision {
    const { conditions, holds, plannedAt } = decision
    return {
      outcome,
      at: this.#options.clock(),
      plannedAt,
      conditions: [...conditions],
      holds: [...holds],
      actor: null,
      runId: null,
      problem: null,
    }
  }
}

function parametersOf({ spec }: StoredTrigger, { values }: Start): Parameters {
  return fillTriggerParameters(spec.parameters, values)
}
