/** History cut into spans, by the calendar, in UTC. Pure: days come in as texts and go out as texts. */
import { maxSpans, type Span } from '#shared/backtest.ts'
import { EsteiraError } from '../../kernel/errors.ts'

export interface History {
  /** The first day, as 2001-01-31. */
  readonly from: string
  /** The day after the last one. */
  readonly to: string
  readonly span: string
}

const dayMs = 86_400_000
const monthsIn: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 }

/**
 * From the first day on, one span after the other; the last may be shorter.
 * @throws EsteiraError `invalid-request` where the history is empty, has a single span, or has too many
 */
export function cutSpans({ from, to, span }: History): Span[] {
  if (from >= to) {
    throw new EsteiraError('invalid-request', 'The history ends before it begins.', {
      where: 'to',
      found: `from ${from} to ${to}`,
      next: '"to" is the day after the last one.',
    })
  }
  const spans: Span[] = []
  for (let start = from; start < to && spans.length <= maxSpans; ) {
    const next = nthStart(from, span, spans.length + 1)
    const end = next < to ? next : to
    spans.push({ label: labelOf(start, span), from: start, to: end })
    start = end
  }
  if (spans.length >= 2 && spans.length <= maxSpans) return spans
  throw new EsteiraError(
    'invalid-request',
    spans.length < 2
      ? 'The history is a single span: nothing follows it that could be scored.'
      : `The history has more than ${maxSpans} spans.`,
    {
      where: 'span',
      found: `${span} from ${from} to ${to}`,
      allowed: `2 to ${maxSpans} spans`,
      next:
        spans.length < 2 ? 'Choose a shorter span or a longer history.' : 'Choose a longer span or a shorter history.',
    },
  )
}

/** Counted from the first day, so that a history from the 31st on does not lose days in short months. */
function nthStart(from: string, span: string, count: number): string {
  const months = monthsIn[span]
  const start = new Date(`${from}T00:00:00Z`)
  if (months === undefined) return isoDay(start.getTime() + count * daysIn(span) * dayMs)
  const month = start.getUTCMonth() + count * months
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate()
  return isoDay(Date.UTC(start.getUTCFullYear(), month, Math.min(start.getUTCDate(), lastDay)))
}

function daysIn(span: string): number {
  if (span === 'day') return 1
  return span === 'week' ? 7 : Number(span.slice(0, -1))
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** As short as it can be where the span is a whole one of the calendar. */
function labelOf(start: string, span: string): string {
  const [year = '', month = '', day] = start.split('-')
  if (day !== '01') return start
  if (span === 'month') return `${year}-${month}`
  if (span === 'quarter' && Number(month) % 3 === 1) return `${year}-Q${Math.ceil(Number(month) / 3)}`
  return span === 'year' && month === '01' ? year : start
}
