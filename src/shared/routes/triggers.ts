/** Triggers: what starts runs by itself. */
import { z } from 'zod'
import { pageQuerySchema } from '../names.ts'
import { idParams, ok, route } from '../route.ts'
import { runSchema } from '../runs.ts'
import {
  runTriggerSchema,
  triggerCheckSchema,
  triggerDecisionPageSchema,
  triggerSchema,
  triggerStateSchema,
} from '../triggers.ts'

const pauseBody = z.object({ paused: z.boolean() })

export const triggersRoutes = {
  listTriggers: route('GET', '/triggers', 'All triggers of all projects, the next to fire first.', {
    response: triggerStateSchema,
  }),
  pauseTriggers: route('PUT', '/triggers/paused', 'Holds all triggers back, or lets them go on.', {
    body: pauseBody,
    response: triggerStateSchema,
  }),
  rereadTriggers: route('POST', '/triggers/reread', 'Reads schedules and clock again, as after the machine slept.', {
    response: ok,
  }),
  getTrigger: route('GET', '/triggers/:id', 'One trigger.', { params: idParams, response: triggerSchema }),
  listTriggerDecisions: route(
    'GET',
    '/triggers/:id/decisions',
    'What was decided about a trigger, and why, newest first. Decisions that say the same one after another are one.',
    { params: idParams, query: pageQuerySchema, response: triggerDecisionPageSchema },
  ),
  checkTrigger: route(
    'POST',
    '/triggers/:id/check',
    'What would be decided now, and why: measures what that takes, starts nothing.',
    { params: idParams, response: triggerCheckSchema },
  ),
  fireTrigger: route('POST', '/triggers/:id/fire', 'Starts a run now, whatever the conditions say.', {
    params: idParams,
    body: z.object({ actor: z.string().max(100).default('api').describe('Who asks: gui, cli, api, a name.') }),
    response: runSchema,
  }),
  pauseTrigger: route('PUT', '/triggers/:id/paused', 'Holds one trigger back, or lets it go on.', {
    params: idParams,
    body: pauseBody,
    response: triggerSchema,
  }),
  getRunTrigger: route('GET', '/runs/:id/trigger', 'The decision that started a run; null where no trigger did.', {
    params: idParams,
    response: runTriggerSchema.nullable(),
  }),
} as const
