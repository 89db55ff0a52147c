/** What is wrong with `alerts` of a monitor beyond the form of each entry. Pure. */
import type { FileProblem } from '#shared/errors.ts'
import type { MonitorSpec } from '#shared/monitors.ts'
import { nearestName } from '../../kernel/errors.ts'
import type { Positions } from '../../kernel/yaml-file.ts'

/** Checks that the monitor does not have, or that can never raise an alert; and checks that two entries are about. */
export function alertProblems({ alerts, checks }: MonitorSpec, positions: Positions): FileProblem[] {
  const known = Object.keys(checks)
  const named = new Set<string>()
  let isRestCovered = false
  return alerts.flatMap((entry, index) => {
    const path = ['alerts', index]
    if (entry.checks === undefined) {
      const twice = isRestCovered
      isRestCovered = true
      return twice ? [positions.problem(path, { message: 'Another entry is already about all other checks.' })] : []
    }
    return entry.checks.flatMap((check, place) => {
      const at = [...path, 'checks', place]
      if (!known.includes(check)) return [unknownCheck(check, known, at, positions)]
      if (named.has(check)) {
        return [
          positions.problem(at, { message: `Another entry is already about the check "${check}".`, found: check }),
        ]
      }
      named.add(check)
      const needed =
        entry.severity === 'critical' ? [checks[check]?.critical] : [checks[check]?.warning, checks[check]?.critical]
      if (needed.some((limit) => limit !== undefined)) return []
      const limit = entry.severity === 'critical' ? 'a critical limit' : 'a limit'
      return [
        positions.problem(at, {
          message: `The check "${check}" has no limit that could raise an alert.`,
          found: check,
          expected: `a check with ${limit}`,
        }),
      ]
    })
  })
}

function unknownCheck(
  check: string,
  known: readonly string[],
  at: (string | number)[],
  positions: Positions,
): FileProblem {
  const nearest = nearestName(check, known)
  return positions.problem(at, {
    message: `The monitor has no check "${check}".`,
    found: check,
    expected: `one of ${known.join(', ')}`,
    ...(nearest !== undefined && { nearest }),
  })
}
