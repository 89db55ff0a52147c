import { asEsteiraError, EsteiraError } from '../kernel/errors.ts'

/**
 * What DuckDB threw, as an error of ours: `cancelled` (or the signal's own reason), `disk-full`, `dataset-unreadable`
 * where a file is at fault, `query-failed` otherwise. Carries the first line of DuckDB's message.
 */
export function tableFailure(error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof EsteiraError) return error
  if (signal?.aborted) return signal.reason
  const message = error instanceof Error ? error.message : String(error)
  if (/max_temp_directory_size|no space left/i.test(message)) {
    return asEsteiraError(new Error('No space left on device.', { cause: error }))
  }
  const kind = /^([A-Za-z ]+) Error: /.exec(message)?.[1] ?? ''
  const csv = csvFault(message)
  if (csv !== undefined) return new EsteiraError('dataset-unreadable', csv.detail, { found: csv.line, cause: error })
  const detail = firstSentence(message)
  if (kind === 'Out of Memory') {
    return new EsteiraError('query-failed', `There is not enough memory for the query: ${detail}`, {
      next: 'Use fewer columns or rows, or free some memory.',
      cause: error,
    })
  }
  const unreadable =
    kind === 'IO' || /\b(in|reading) file\b|magic bytes|parquet file|malformed|TProtocol|snappy|zstd/i.test(detail)
  const place = unreadable ? {} : placeInQuery(error)
  const candidates = /Candidate (?:bindings|functions|tables): (.*)/.exec(message)?.[1]
  return new EsteiraError(unreadable ? 'dataset-unreadable' : 'query-failed', detail, {
    ...(candidates !== undefined && { allowed: candidates }),
    ...place,
    cause: error,
  })
}

/** Where in the SQL DuckDB found the fault, as it shows it: `LINE 2: from flight` over a caret. */
export function placeInQuery(error: unknown): { where?: string; found?: string } {
  const message = error instanceof Error ? error.message : ''
  const place = /^LINE (\d+): (.*)(?:\n( *)\^)?/m.exec(message)
  if (place === null) return {}
  const [, line = '', text = '', indent] = place
  const column = indent === undefined ? 0 : indent.length - `LINE ${line}: `.length + 1
  // Of a long line, only a part around the fault is shown.
  const shown = column > 0 && !text.startsWith('...') ? `line ${line}, column ${column}` : `line ${line}`
  return { where: shown, found: text.trim() }
}

/** `Binder Error: Referenced column … not found!\nCandidate …` as `Referenced column … not found!`. */
function firstSentence(message: string): string {
  const line = message.split('\n')[0] ?? ''
  const text = line.replace(/^(?:Failed to extract statements: )?(?:[A-Za-z ]+ Error: )+/, '').trim()
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** DuckDB's report on one bad line of a CSV file, which spreads over many lines. */
function csvFault(message: string): { detail: string; line: string } | undefined {
  const number = /CSV Error on Line: (\d+)/.exec(message)?.[1]
  const file = /^\s*file = (.*)$/m.exec(message)?.[1]
  if (number === undefined || file === undefined) return undefined
  const original = /^Original Line: (.*)$/m.exec(message)?.[1] ?? ''
  const widths = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message)
  const reason = widths
    ? `it has ${widths[2]} values where ${widths[1]} are expected`
    : (message.split('\n').find((text) => text !== '' && !/^(Invalid|Conversion|CSV|Original)/.test(text)) ??
      'it is malformed')
  return { detail: `Line ${number} of ${file} cannot be read: ${reason.replace(/\.$/, '')}.`, line: original }
}
