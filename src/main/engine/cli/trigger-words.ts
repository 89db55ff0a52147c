/** Evidence of triggers in words for a terminal. Pure. */
import type { ConditionEvidence, Hold, TriggerDecision } from '#shared/triggers.ts'
import { formatInstant } from './output.ts'

type Evidence<Kind extends ConditionEvidence['kind']> = Extract<ConditionEvidence, { kind: Kind }>

export function evidenceWords(evidence: ConditionEvidence): string {
  switch (evidence.kind) {
    case 'schedule':
      return scheduleWords(evidence)
    case 'new-data':
      return newDataWords(evidence)
    case 'performance':
      return championWords(evidence, `${evidence.metric} of ${evidence.model}`)
    case 'drift':
      return championWords(evidence, `weighted drift of ${evidence.dataset}`)
    case 'after':
      return evidence.met
        ? `run ${evidence.runId} of ${evidence.pipeline} succeeded`
        : `no further run of ${evidence.pipeline} has succeeded`
    case 'alert':
      return alertWords(evidence)
    case 'reading':
      return readingWords(evidence)
    default:
      return evidence satisfies never
  }
}

function alertWords({ monitor, check, severity, alert, reason }: Evidence<'alert'>): string {
  const subject = check === null ? monitor : `${monitor}, check ${check}`
  if (alert === null) return `no ${severity === 'critical' ? 'critical alert' : 'alert'} of ${subject} is open`
  const acted = reason === 'acted-on' ? ', for which a run was started already' : ''
  return `alert ${alert.id} of ${monitor}, check ${alert.check}, is open since ${formatInstant(alert.raisedAt)}: ${alert.reason}${acted}`
}

function readingWords({ about, monitor, check, reading, limit, side, reason, problem }: Evidence<'reading'>): string {
  if (problem !== null) return problem
  if (reading === null) return `${about} was not read yet by ${check === null ? monitor : `${monitor}, check ${check}`}`
  const { value, version, rows, metric, estimate } = reading
  const where = `by ${monitor}, check ${reading.check}`
  if (value === null) return `${about} could not be told ${where}: ${rows} rows`
  const what = `${estimate ? 'estimated ' : ''}${metric ?? about}`
  const of = version === null ? '' : `version ${version}, `
  const acted = reason === 'acted-on' ? ', for which a run was started already' : ''
  return `${what} ${Number(value.toPrecision(4))} ${where} (${of}${rows} rows; starts ${side} ${limit})${acted}`
}

function scheduleWords({ schedule, plannedAt, reason }: Evidence<'schedule'>): string {
  if (plannedAt === null) return `the time of "${schedule}" has not come`
  const missed = reason === 'late' ? ', missed then' : reason === 'missed' ? ', missed and left at that' : ''
  return `planned for ${formatInstant(plannedAt)}${missed}`
}

function newDataWords({
  dataset,
  rows,
  lateRows,
  minRows,
  from,
  to,
  files,
  reason,
  problem,
}: Evidence<'new-data'>): string {
  if (reason === 'settling') return `the files of ${dataset} still change`
  if (rows === null) return problem === null ? `${dataset} was not looked at` : `${dataset}: ${problem}`
  const span = from === null || to === null || rows === 0 ? '' : `, from ${from} up to ${to}`
  const late = lateRows === 0 ? '' : `, ${lateRows} of them late`
  const changed = files.length === 0 ? '' : `, in ${files.join(', ')}`
  const tried = reason === 'tried' ? ', which a run that failed was given' : ''
  return `${rows} new rows of ${dataset} (at least ${minRows})${span}${late}${changed}${tried}`
}

function championWords(evidence: Evidence<'performance'> | Evidence<'drift'>, subject: string): string {
  const { model, version, value, limit, rows, reason, problem } = evidence
  if (reason === 'no-champion') return `${model} has no champion yet`
  if (problem !== null) return problem
  if (reason === 'unknown') return `${subject} was not measured`
  if (value === null || reason === 'too-few')
    return `${rows ?? 0} rows newer than what version ${version} learned from are too few`
  const side = evidence.kind === 'drift' ? 'above' : evidence.side
  const acted = reason === 'acted-on' ? ', for which a run was started already' : ''
  return `${subject} ${Number(value.toPrecision(4))} (version ${version}, ${rows} rows; starts ${side} ${limit})${acted}`
}

export function holdWords(hold: Hold): string {
  switch (hold.kind) {
    case 'cooldown':
      return `cool-down until ${formatInstant(hold.until)}`
    case 'quiet-hours':
      return `quiet hours until ${formatInstant(hold.until)}`
    case 'budget':
      return `${Number(hold.used.toPrecision(3))} of ${hold.limit} ${hold.unit} a day used, until ${formatInstant(hold.until)}`
    case 'overlap':
      return `run ${hold.runId} goes on`
    default:
      return hold satisfies never
  }
}

export function decisionWords({ outcome, conditions, holds, problem, runId, actor }: TriggerDecision): string {
  const why = [
    ...(actor === null ? [] : [`by ${actor}`]),
    ...conditions.map(evidenceWords),
    ...holds.map((hold) => `held back: ${holdWords(hold)}`),
    ...(problem === null ? [] : [problem.detail]),
  ]
  return [outcome, ...(runId === null ? [] : [runId]), why.join('; ')].filter((part) => part !== '').join('  ')
}
