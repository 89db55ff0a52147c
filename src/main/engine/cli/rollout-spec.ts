import { z } from 'zod'
import { EsteiraError } from '../kernel/errors.ts'

export function refusedSpec(error: z.ZodError): EsteiraError {
  return new EsteiraError('rollout-refused', z.prettifyError(error), { where: '--spec', next: 'See docs/rollouts.md.' })
}

export function noRollout(endpoint: string): EsteiraError {
  return new EsteiraError('rollout-not-found', `The endpoint "${endpoint}" has had no rollout.`, {
    next: 'Start one with "esteira rollout start".',
  })
}
