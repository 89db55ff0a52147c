/** Why the engine took a rollout on or back, in the language of the page, from the evidence it decided by. Pure. */
import type { AbResult, RolloutCheck, RolloutEntry } from '#shared/rollout.ts'
import { ledgerWords } from './ledger.ts'
import { metricName } from './metrics.ts'
import { capitalised, type Speech } from './speech.ts'

export type DecidedEntry = Pick<RolloutEntry, 'actor' | 'action' | 'reason'> & {
  readonly evidence: Pick<RolloutEntry['evidence'], 'checks' | 'result'>
}

const engine = 'engine'

export function rolloutWords(speech: Speech) {
  const { t, format } = speech
  const ledger = ledgerWords(speech)
  const figure = (value: number | null) => (value === null ? '–' : format.short(value))

  /** What a person wrote stays as it is; so does what the evidence does not tell, such as a model that no longer loads. */
  function reason(entry: DecidedEntry): string {
    const { actor, action, evidence } = entry
    if (actor !== engine) return ledger.reason(entry)
    const stop = evidence.checks.find(({ status }) => status === 'stop')
    if (stop !== undefined) return stopped(stop)
    const { result } = evidence
    if (result !== null && (result.verdict === 'better' || result.verdict === 'worse')) return tested(result)
    const passed = action === 'step' || action === 'promote' ? patience(evidence.checks) : undefined
    return passed ?? entry.reason
  }

  function stopped({ check, value, stable, limit }: RolloutCheck): string {
    switch (check) {
      case 'error-rate':
        return t('rolloutReason.error-rate', {
          value: value === null ? '–' : format.share(value),
          stable: stable === null ? '–' : format.share(stable),
          limit: format.share(limit),
        })
      case 'latency-p99':
      case 'label':
        return t(`rolloutReason.${check}`, { value: figure(value), stable: figure(stable), limit: format.exact(limit) })
      case 'latency-p99-ms':
      case 'predictions':
        return t(`rolloutReason.${check}`, { value: figure(value), limit: format.exact(limit) })
      case 'hold':
      case 'requests':
      case 'label-rows':
        return `${t(`rollouts.checks.${check}`)}: ${figure(value)}`
      default:
        return check satisfies never
    }
  }

  function tested({ metric, difference, verdict }: AbResult): string {
    const told = {
      metric: metricName(speech, metric),
      value: figure(difference?.value ?? null),
      low: figure(difference?.low ?? null),
      high: figure(difference?.high ?? null),
    }
    return capitalised(t(verdict === 'better' ? 'rolloutReason.better' : 'rolloutReason.worse', told))
  }

  function patience(checks: readonly RolloutCheck[]): string | undefined {
    const of = (name: RolloutCheck['check']) => checks.find(({ check }) => check === name)?.value ?? undefined
    const [lasted, requests] = [of('hold'), of('requests')]
    if (lasted === undefined || requests === undefined) return undefined
    return t('rolloutReason.passed', { span: format.duration(lasted), requests: format.integer(requests) })
  }

  return { reason }
}
