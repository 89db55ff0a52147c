/** Texts laid out for a terminal. */

/** Columns two spaces apart, numbers to the right; the header is left out where there are no rows. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const lines = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column] ?? ''))))
  const right = header.map((_, column) => rows.every((row) => /^[-\d.,%]*( [smh])?$/.test(row[column] ?? '')))
  return lines
    .map((line) =>
      header
        .map((_, column) => {
          const text = line[column] ?? ''
          const space = ' '.repeat((widths[column] ?? 0) - displayWidth(text))
          return right[column] ? space + text : text + space
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Characters as a person counts them, so that accents do not shift the columns. */
function displayWidth(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length
}

/** `0.4 s`, `12 s`, `3:05 min`, `1:02:03 h`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const two = (value: number) => String(value).padStart(2, '0')
  if (whole < 3_600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`
  return `${Math.floor(whole / 3_600)}:${two(Math.floor((whole % 3_600) / 60))}:${two(whole % 60)} h`
}

/** Local date and time to the minute, in a form that sorts. */
export function formatInstant(epochMs: number): string {
  const date = new Date(epochMs)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `auc 0.64, logLoss 0.5`: at most four significant digits. */
export function formatMetrics(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(', ')
}

/** Seconds between two instants; what is not ended counts up to now, what never began is 0. */
export function secondsBetween(startedAt: number | null, finishedAt: number | null, now = Date.now()): number {
  return startedAt === null ? 0 : Math.max(0, ((finishedAt ?? now) - startedAt) / 1_000)
}
