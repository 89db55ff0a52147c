import type { ReplaySettings } from '#shared/backtest.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import { knownMetrics } from './defaults.ts'

/** @throws EsteiraError `parameter-invalid` for a metric of which nobody knows which direction is better */
export function checkMetrics({ metric, policies }: Pick<ReplaySettings, 'metric' | 'policies'>): void {
  const asked = [
    ...(metric === null ? [] : [{ name: metric, where: 'metric' }]),
    ...policies.flatMap(({ name, anyOf }) =>
      anyOf
        .flat()
        .flatMap((condition) =>
          condition.kind === 'performance' ? { name: condition.metric, where: `the policy "${name}"` } : [],
        ),
    ),
  ]
  const unknown = asked.find(({ name }) => !knownMetrics.includes(name))
  if (unknown === undefined) return
  throw new EsteiraError('parameter-invalid', `There is no metric "${unknown.name}".`, {
    where: unknown.where,
    found: unknown.name,
    allowed: knownMetrics.join(', '),
    nearest: nearestName(unknown.name, knownMetrics),
  })
}
