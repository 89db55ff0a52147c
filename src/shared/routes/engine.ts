/** The engine itself. */
import { z } from 'zod'
import { engineInfoSchema, outsideStateSchema } from '../engine.ts'
import { ok, route } from '../route.ts'

export const engineRoutes = {
  getHealth: route('GET', '/health', 'Whether the engine answers. Needs no token.', {
    response: z.object({ status: z.literal('ok'), version: z.string() }),
  }),
  getEngine: route('GET', '/engine', 'What engine this is and where it listens.', { response: engineInfoSchema }),
  getOutside: route('GET', '/engine/outside', 'Whether other machines may ask endpoints, where, and which of them.', {
    response: outsideStateSchema,
  }),
  stopEngine: route('POST', '/engine/stop', 'Stops the engine in order; runs under way resume at its next start.', {
    response: ok,
  }),
} as const
