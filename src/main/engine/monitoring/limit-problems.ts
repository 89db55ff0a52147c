/** Whether the limits of checks can be crossed at all, on the side that is bad, in the right order. Pure. */
import type { FileProblem } from '#shared/errors.ts'
import { higherIsBetter } from '#shared/metrics.ts'
import type { CheckSpec, Limit, MonitorSpec } from '#shared/monitors.ts'
import type { Positions } from '../kernel/yaml-file.ts'

type Side = 'above' | 'below'

/** The sides on which the value of a check can be bad. */
export function badSides(check: CheckSpec): readonly Side[] {
  switch (check.kind) {
    case 'traffic':
      return ['above', 'below']
    case 'performance':
    case 'estimated-performance':
      return [higherIsBetter[check.metric] ? 'below' : 'above']
    case 'latency':
    case 'errors':
    case 'drift':
    case 'prediction-drift':
    case 'missing-labels':
    case 'feature-staleness':
    case 'data-quality':
      return ['above']
  }
}

/** Whether the value is a part of something: then no limit lies outside 0 to 1. */
function isShare(check: CheckSpec): boolean {
  switch (check.kind) {
    case 'errors':
    case 'prediction-drift':
    case 'missing-labels':
    case 'feature-staleness':
      return true
    case 'drift':
      return check.of === 'weighted'
    case 'performance':
    case 'estimated-performance':
      return ['auc', 'accuracy', 'f1', 'macroF1'].includes(check.metric)
    case 'traffic':
    case 'latency':
    case 'data-quality':
      return false
  }
}

export function limitProblems(spec: MonitorSpec, positions: Positions): FileProblem[] {
  return Object.entries(spec.checks).flatMap(([name, check]) =>
    problemsOf(check, (path, details) => positions.problem(['checks', name, ...path], details)),
  )
}

type Report = (path: string[], details: { message: string; found: string; expected: string }) => FileProblem

function problemsOf(check: CheckSpec, report: Report): FileProblem[] {
  const problems: FileProblem[] = []
  const sides = badSides(check)
  for (const severity of ['warning', 'critical'] as const) {
    for (const side of ['above', 'below'] as const) {
      const limit = check[severity]?.[side]
      if (limit === undefined) continue
      if (!sides.includes(side)) {
        const expected = `${sides.join(' or ')}: <number>`
        const message = `A value of this check is never bad for being ${side} a limit.`
        problems.push(report([severity, side], { message, found: side, expected }))
      } else if (isShare(check) && (limit < 0 || limit > 1)) {
        const message = 'The value of this check lies between 0 and 1.'
        problems.push(report([severity, side], { message, found: String(limit), expected: 'a number from 0 to 1' }))
      }
    }
  }
  if (check.warning !== undefined && check.critical !== undefined) {
    problems.push(...orderProblems(check.warning, check.critical, report))
  }
  return problems
}

function orderProblems(warning: Limit, critical: Limit, report: Report): FileProblem[] {
  const problems: FileProblem[] = []
  for (const side of ['above', 'below'] as const) {
    const [near, far] = [warning[side], critical[side]]
    if (near === undefined || far === undefined) continue
    if (side === 'above' ? far >= near : far <= near) continue
    const message = 'A value is critical before it is a warning.'
    const expected = side === 'above' ? `${near} or more` : `${near} or less`
    problems.push(report(['critical', side], { message, found: String(far), expected }))
  }
  return problems
}
