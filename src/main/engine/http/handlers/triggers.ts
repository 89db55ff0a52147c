import type { triggersRoutes } from '#shared/routes/triggers.ts'
import type { TriggerState } from '#shared/triggers.ts'
import type { HandlersOf } from '../requests.ts'
import { done } from './done.ts'

export interface TriggersService {
  list(): Promise<TriggerState>
  setPaused(paused: boolean): Promise<TriggerState>
  reread(): Promise<void>
}

export function triggersHandlers(triggers: TriggersService) {
  return {
    listTriggers: () => triggers.list(),
    pauseTriggers: ({ body }) => triggers.setPaused(body.paused),
    rereadTriggers: async () => {
      await triggers.reread()
      return done
    },
  } satisfies HandlersOf<keyof typeof triggersRoutes>
}
