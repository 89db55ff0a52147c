import type { triggersRoutes } from '#shared/routes/triggers.ts'
import type { Run } from '#shared/runs.ts'
import type { RunTrigger, Trigger, TriggerCheck, TriggerDecisionPage, TriggerState } from '#shared/triggers.ts'
import type { HandlerRequest, HandlersOf } from '../requests.ts'
import { done } from './done.ts'

export interface TriggersService {
  list(): Promise<TriggerState>
  setPaused(paused: boolean): Promise<TriggerState>
  reread(): Promise<void>
  get(id: string): Promise<Trigger>
  history(id: string, query: HandlerRequest<'listTriggerDecisions'>['query']): Promise<TriggerDecisionPage>
  check(id: string): Promise<TriggerCheck>
  fire(id: string, actor: string): Promise<Run>
  setTriggerPaused(id: string, paused: boolean): Promise<Trigger>
  ofRun(runId: string): RunTrigger | null
}

export function triggersHandlers(triggers: TriggersService) {
  return {
    listTriggers: () => triggers.list(),
    pauseTriggers: ({ body }) => triggers.setPaused(body.paused),
    rereadTriggers: async () => {
      await triggers.reread()
      return done
    },
    getTrigger: ({ params }) => triggers.get(params.id),
    listTriggerDecisions: ({ params, query }) => triggers.history(params.id, query),
    checkTrigger: ({ params }) => triggers.check(params.id),
    fireTrigger: ({ params, body }) => triggers.fire(params.id, body.actor),
    pauseTrigger: ({ params, body }) => triggers.setTriggerPaused(params.id, body.paused),
    getRunTrigger: ({ params }) => triggers.ofRun(params.id),
  } satisfies HandlersOf<keyof typeof triggersRoutes>
}
