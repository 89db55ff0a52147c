/** The Prometheus text exposition format 0.0.4. */

export interface MetricSample {
  /** `_bucket`, `_sum` or `_count` in a histogram. */
  readonly suffix?: string
  /** `name="value"` pairs with commas between; their values escaped. Empty for none. */
  readonly labels: string
  readonly value: number
}

/** All samples of one metric, with its help and type. */
export function metricFamily(
  name: string,
  type: 'counter' | 'gauge' | 'histogram',
  help: string,
  samples: readonly MetricSample[],
): string {
  const lines = samples.map(({ suffix = '', labels, value }) =>
    labels === '' ? `${name}${suffix} ${value}\n` : `${name}${suffix}{${labels}} ${value}\n`,
  )
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

export function escapeLabel(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
}
