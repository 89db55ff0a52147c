import { expect, it } from 'vitest'
import { alertRuleOf } from '#shared/alert-rules.ts'
import { parseMonitor } from '../monitor-file.ts'

const checks = `name: watch
endpoint: late
checks:
  auc: { kind: performance, metric: auc, warning: { below: 0.6 } }
  errors: { kind: errors, warning: { above: 0.01 }, critical: { above: 0.1 } }
  traffic: { kind: traffic }
`
const parse = (alerts: string) =>
  parseMonitor({ projectId: 'p', text: `${checks}alerts:\n${alerts}`, file: 'monitors/watch.yaml' })

function problems(alerts: string) {
  const parsed = parse(alerts)
  if (parsed.ok) throw new Error('there is no problem')
  return parsed.problems
}

it('the alerts of a monitor are read with defaults; each check has the rule of its entry', () => {
  const parsed = parse(`  - checks: [errors]
    after: 3
    notify: [desktop, { webhook: ops }, { command: [./page.sh, on-call], severity: critical }]
    act: roll-back
  - severity: warning
`)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  expect(alertRuleOf(parsed.monitor.alerts, 'errors')).toEqual({
    severity: 'warning',
    after: 3,
    clearAfter: 3,
    margin: 0.02,
    notify: [
      { receiver: { kind: 'desktop' }, severity: 'warning' },
      { receiver: { kind: 'webhook', name: 'ops' }, severity: 'warning' },
      { receiver: { kind: 'command', command: ['./page.sh', 'on-call'] }, severity: 'critical' },
    ],
    rollBack: true,
  })
  expect(alertRuleOf(parsed.monitor.alerts, 'auc')).toMatchObject({ after: 2, rollBack: false })
  expect(alertRuleOf([], 'auc')).toMatchObject({ after: 2, notify: [] })
})
it('every problem is told at its place', () => {
  const wrong = `  - checks: [erors]
  - checks: [traffic, errors]
  - { checks: [errors, auc], severity: critical }
  - notify: [desktop]
  - after: 5
`
  expect(problems(wrong).map(({ line, path, message, nearest }) => [line, path, message, nearest])).toEqual([
    [8, 'alerts.0.checks.0', 'The monitor has no check "erors".', 'errors'],
    [9, 'alerts.1.checks.0', 'The check "traffic" has no limit that could raise an alert.', undefined],
    [10, 'alerts.2.checks.0', 'Another entry is already about the check "errors".', undefined],
    [10, 'alerts.2.checks.1', 'The check "auc" has no limit that could raise an alert.', undefined],
    [12, 'alerts.4', 'Another entry is already about all other checks.', undefined],
  ])
  expect(problems('  - notify: [{ webook: ops }]\n')).toHaveLength(1)
  expect(problems('  - act: retrain\n')).toMatchObject([{ path: 'alerts.0.act', found: 'retrain' }])
})
