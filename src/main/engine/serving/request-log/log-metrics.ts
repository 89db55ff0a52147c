/** The request log in the Prometheus text format. */
import { metricFamily } from '../../kernel/prometheus-text.ts'
import type { RequestLog } from './request-log.ts'

export function logMetrics(log: Pick<RequestLog, 'state' | 'written'> | undefined): string {
  if (log === undefined) return ''
  const { trouble, dropped } = log.state
  const one = (name: string, type: 'counter' | 'gauge', help: string, value: number) =>
    metricFamily(name, type, help, [{ labels: '', value }])
  return [
    one('esteira_request_log_written_total', 'counter', 'Records of the request log that were written.', log.written),
    one('esteira_request_log_dropped_total', 'counter', 'Records of the request log that were not written.', dropped),
    one('esteira_request_log_trouble', 'gauge', '1 while the request log cannot be written.', trouble === null ? 0 : 1),
  ].join('')
}
