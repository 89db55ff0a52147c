/** Verdicts of a gate in the language of the page: what each check is called, and what it found. Pure. */
import type { GateCheck, Verdict } from '#shared/gate.ts'
import type { GateFinding, GateOther } from '#shared/gate-findings.ts'
import { metricName } from './metrics.ts'
import { capitalised, type Speech } from './speech.ts'

type Finding<Kind extends GateFinding['kind']> = Extract<GateFinding, { kind: Kind }>

export function gateWords(speech: Speech) {
  const { t, format } = speech
  const name = (metric: string) => metricName(speech, metric)
  const by = (columns: readonly string[]) => columns.join(' × ')

  /** What decided: what failed; where nothing did, how many checks passed. Old verdicts have a stored sentence alone. */
  function verdict({ blessed, checks, reason: told }: Pick<Verdict, 'blessed' | 'checks' | 'reason'>): string {
    if (blessed && checks.some(({ kind }) => kind !== undefined)) return t('gate.allPassed', { count: checks.length })
    const failed = checks.filter(({ passed }) => !passed)
    const known = failed.length > 0 && failed.every(({ finding }) => finding !== undefined)
    return known ? failed.map(reason).join(' ') : told
  }

  function check({ check: told, finding }: GateCheck): string {
    if (finding === undefined) return told
    switch (finding.kind) {
      case 'threshold':
        return t(told.endsWith('minimum') ? 'gateCheck.minimum' : 'gateCheck.maximum', { metric: name(finding.metric) })
      case 'incomparable':
      case 'compared': {
        const against = t('gateCheck.comparison', { metric: name(finding.metric), other: other(finding.other) })
        const newest = finding.kind === 'compared' ? finding.newest : null
        return newest === null ? against : t('gateCheck.onNewest', { check: against, ...newest })
      }
      case 'no-other':
        return t('gateCheck.comparison', { metric: name(finding.metric), other: finding.name })
      case 'small-slices':
        return t(`gateCheck.${finding.question}`, { metric: name(finding.metric), columns: by(finding.columns) })
      case 'worst-slice':
        return t('gateCheck.worst', { metric: name(finding.metric), columns: by(finding.columns) })
      case 'few-slices':
      case 'deviation':
        return t('gateCheck.deviation', { metric: name(finding.metric), columns: by(finding.columns) })
      case 'slices-without-champion':
      case 'slice-drop':
        return t('gateCheck.drop', { metric: name(finding.metric), columns: by(finding.columns) })
      case 'served':
      case 'not-served':
        return t('gateCheck.served')
      case 'answers':
      case 'latency':
      case 'memory':
      case 'inputs':
        return t(`gateCheck.${finding.kind}`)
      default:
        return finding satisfies never
    }
  }

  /** What a check found, as a sentence. */
  function reason(given: GateCheck): string {
    const { finding, reason: told } = given
    if (finding === undefined) return `${capitalised(told)}.`
    switch (finding.kind) {
      case 'threshold':
        return threshold(given, finding)
      case 'no-other':
        return t('gateFinding.noOther', finding)
      case 'incomparable': {
        const problem = finding.problem ?? t('gateFinding.noMetric', { metric: name(finding.metric) })
        return t('gateFinding.incomparable', { other: other(finding.other), problem })
      }
      case 'compared':
        return compared(given, finding)
      case 'small-slices':
        return t('gateFinding.smallSlices', {
          columns: by(finding.columns),
          minRows: format.integer(finding.minRows),
        })
      case 'slices-without-champion':
        return t('gateFinding.slicesWithoutChampion', { columns: by(finding.columns) })
      case 'few-slices':
        return t('gateFinding.fewSlices', { columns: by(finding.columns) })
      case 'worst-slice':
      case 'slice-drop':
      case 'deviation':
        return ofSlices(given, finding)
      default:
        return ofServing(given, finding)
    }
  }

  function threshold({ value, limit }: GateCheck, { metric, rows }: Finding<'threshold'>): string {
    const about = { metric: name(metric), rows: format.integer(rows) }
    if (value === null || limit === null) return capitalised(t('gateFinding.undefined', about))
    const side = value === limit ? 'at' : value > limit ? 'above' : 'below'
    const figures = { value: format.apart(value, limit), limit: format.exact(limit) }
    return capitalised(t(`gateFinding.${side}`, { ...about, ...figures }))
  }

  function other({ with: kind, name: told, alias, version }: GateOther): string {
    if (alias !== null) return t('gateFinding.other.alias', { alias, version: version ?? '–' })
    switch (kind) {
      case 'champion':
        return told
      case 'baseline':
        return told === 'dummy' ? t('gateFinding.other.dummy') : t('gateFinding.other.baseline', { name: told })
      case 'rule':
        return t('gateFinding.other.rule', { name: told })
      default:
        return kind satisfies never
    }
  }

  function compared(given: GateCheck, finding: Finding<'compared'>): string {
    const { metric, mine, theirs, newest, rows } = finding
    const where =
      newest === null
        ? t('gateFinding.sameRows')
        : t('gateFinding.newestRows', { rows: format.integer(rows), ...newest })
    return capitalised(
      t('gateFinding.compared', {
        ...{ metric: name(metric), where, other: other(finding.other) },
        theirs: format.apart(theirs, mine),
        mine: format.apart(mine, theirs),
        more: range(given, finding) + failure(given, finding) + asked(given),
      }),
    )
  }

  function range({ value }: GateCheck, { interval }: Finding<'compared'>): string {
    if (interval === null || value === null) return ''
    const [low, high] = [format.short(interval.low), format.short(interval.high)]
    return t('gateFinding.range', {
      value: format.signed(value),
      low,
      high,
      share: format.percent(interval.confidence),
    })
  }

  function failure({ passed, value }: GateCheck, { interval, require }: Finding<'compared'>): string {
    if (passed || value === null) return ''
    if (value < 0) return t('gateFinding.worse')
    if (value === 0) return t('gateFinding.equal')
    if (require === 'point') return ''
    return t(interval === null ? 'gateFinding.noInterval' : 'gateFinding.chance')
  }

  function asked({ limit }: GateCheck): string {
    if (limit === null || limit === 0) return ''
    if (limit > 0) return t('gateFinding.wanted', { value: format.short(limit) })
    return t('gateFinding.allowed', { value: format.short(-limit) })
  }

  function ofSlices(
    { passed, value, limit }: GateCheck,
    finding: Finding<'worst-slice'> | Finding<'slice-drop'> | Finding<'deviation'>,
  ): string {
    const [found, bound] = [value ?? 0, limit ?? 0]
    const columns = by(finding.columns)
    const figures = { value: format.apart(found, bound), limit: format.exact(bound), columns }
    const metric = name(finding.metric)
    if (finding.kind === 'deviation') {
      const { seen, slices } = finding
      const chance = seen === null ? '' : t('gateFinding.seen', { value: format.apart(seen, found) })
      const about = { ...figures, metric, slices: format.integer(slices), seen: chance }
      return capitalised(t(passed ? 'gateFinding.deviationWithin' : 'gateFinding.deviationBeyond', about))
    }
    const slice = t('gateFinding.slice', { columns, value: finding.slice })
    const about = { ...figures, metric, slice, rows: format.integer(finding.rows) }
    if (finding.kind === 'worst-slice') {
      const { chance } = finding
      if (passed) return capitalised(t(chance ? 'gateFinding.worstPassedByChance' : 'gateFinding.worstPassed', about))
      return capitalised(t(chance ? 'gateFinding.worstFailedBeyondChance' : 'gateFinding.worstFailed', about))
    }
    if (found <= 0) return t('gateFinding.noDrop', { columns, metric })
    if (passed) return t(found > bound ? 'gateFinding.dropByChance' : 'gateFinding.drop', about)
    const { confidence } = finding
    if (confidence === null) return t('gateFinding.dropFailed', about)
    return t('gateFinding.dropFailedBeyondChance', { ...about, share: format.percent(confidence) })
  }

  function ofServing(
    { passed, value, limit }: GateCheck,
    finding: Finding<'served' | 'not-served' | 'answers' | 'latency' | 'memory' | 'inputs'>,
  ): string {
    const [found, bound] = [value ?? 0, limit ?? 0]
    switch (finding.kind) {
      case 'served': {
        const { requests } = finding
        const about = { time: format.duration(found), requests: format.integer(requests) }
        return withTries(t(requests === 0 ? 'gateFinding.served' : 'gateFinding.servedAndAsked', about), finding)
      }
      case 'not-served':
        return withTries(t('gateFinding.notServed', finding), finding)
      case 'answers':
        return passed
          ? t('gateFinding.answersAlike', { requests: format.integer(finding.requests) })
          : t('gateFinding.answersDiffer', { value: format.short(found), limit: format.short(bound) })
      case 'latency': {
        const about = {
          value: t('monitoring.milliseconds', { value: format.short(found) }),
          limit: t('monitoring.milliseconds', { value: format.short(bound) }),
        }
        return t(passed ? 'gateFinding.latencyWithin' : 'gateFinding.latencyBeyond', about)
      }
      case 'memory': {
        const about = { value: format.bytes(found), limit: format.bytes(bound) }
        return t(passed ? 'gateFinding.memoryWithin' : 'gateFinding.memoryBeyond', about)
      }
      case 'inputs':
        return inputs(finding)
      default:
        return finding satisfies never
    }
  }

  function withTries(text: string, { tries }: { tries: number }): string {
    return tries === 1 ? text : `${text} ${t('gateFinding.tries', { tries: format.integer(tries) })}`
  }

  function inputs({ endpoint, version, newInputs, removedInputs }: Finding<'inputs'>): string {
    const changes = [
      ...(newInputs.length === 0 ? [] : [t('gateFinding.newInputs', { inputs: newInputs.join(', ') })]),
      ...(removedInputs.length === 0 ? [] : [t('gateFinding.removedInputs', { inputs: removedInputs.join(', ') })]),
    ]
    if (changes.length === 0) return t('gateFinding.inputsAlike', { endpoint })
    return t('gateFinding.inputsDiffer', { endpoint, version, changes: changes.join(';') })
  }

  return { verdict, check, reason }
}
