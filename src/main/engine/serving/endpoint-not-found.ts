import { EsteiraError, nearestName } from '../kernel/errors.ts'

export function endpointNotFound(name: string, names: readonly string[]): EsteiraError {
  return new EsteiraError('endpoint-not-found', `There is no endpoint named "${name}".`, {
    found: name,
    nearest: nearestName(name, names),
    ...(names.length > 0 && { allowed: names.slice(0, 20).join(', ') }),
    next: 'Deploy a model version to it first, with the step model/deploy or `esteira deploy`.',
  })
}
