/** Triggers: what starts runs by itself. */
import { z } from 'zod'
import { ok, route } from '../route.ts'
import { triggerStateSchema } from '../triggers.ts'

export const triggersRoutes = {
  listTriggers: route('GET', '/triggers', 'All triggers of all projects, the next to fire first.', {
    response: triggerStateSchema,
  }),
  pauseTriggers: route('PUT', '/triggers/paused', 'Holds all triggers back, or lets them go on.', {
    body: z.object({ paused: z.boolean() }),
    response: triggerStateSchema,
  }),
  rereadTriggers: route('POST', '/triggers/reread', 'Reads schedules and clock again, as after the machine slept.', {
    response: ok,
  }),
} as const
