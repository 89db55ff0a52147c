import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Run } from '#shared/runs.ts'
import { CheckIcon } from '../../../components/icons.tsx'
import { useFormat } from '../../../lib/format.ts'
import { parameterText } from '../../pipelines/parameter-value.ts'
import type { Difference } from '../differences.ts'
import { shortRunId } from '../run-id.ts'
import styles from './compare.module.css'
import type { ComparedMetric } from './comparison.ts'

/** As the charts draw the runs. */
const seriesColours = 8
const nameWidthPx = 220
const runWidthPx = 170

interface SideBySideProps {
  label: string
  runs: readonly Run[]
  rows: readonly {
    readonly name: string
    readonly differs: boolean
    readonly cells: readonly ReactNode[]
    readonly best?: ReadonlySet<number>
  }[]
}

/** A row for each thing, a column for each run. */
function SideBySide({ label, runs, rows }: SideBySideProps) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label={label}>
      <table className={styles.table} aria-label={label} style={{ minWidth: nameWidthPx + runs.length * runWidthPx }}>
        <colgroup>
          <col style={{ width: nameWidthPx }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{t('common.name')}</th>
            {runs.map((run, index) => (
              <th key={run.id} scope="col">
                <span
                  className={styles.swatch}
                  style={{ background: `var(--series-${1 + (index % seriesColours)})` }}
                  aria-hidden="true"
                />
                <Link href={`/runs/${run.id}`}>
                  {run.pipeline} <span className="mono">{shortRunId(run.id)}</span>
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, differs, cells, best }) => (
            <tr key={name} data-differs={differs || undefined}>
              <th scope="row">{name}</th>
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its column
                <td key={index} data-best={best?.has(index) || undefined}>
                  {best?.has(index) && (
                    <>
                      <CheckIcon size={12} strokeWidth={3} /> <span className={styles.hidden}>{t('compare.best')}</span>
                    </>
                  )}
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface ValuesTableProps {
  label: string
  runs: readonly Run[]
  differences: readonly Difference[]
}

export function ValuesTable({ label, runs, differences }: ValuesTableProps) {
  const rows = differences.map(({ name, values, differs }) => ({
    name,
    differs,
    cells: values.map((value) => (value === undefined || value === null ? '–' : parameterText(value))),
  }))
  return <SideBySide label={label} runs={runs} rows={rows} />
}

export function MetricsTable({
  label,
  runs,
  metrics,
}: {
  label: string
  runs: readonly Run[]
  metrics: readonly ComparedMetric[]
}) {
  const format = useFormat()
  const rows = metrics.map(({ name, values, best, differs }) => ({
    name,
    differs,
    best,
    cells: values.map((value) => (value === undefined ? '–' : format.metric(value))),
  }))
  return <SideBySide label={label} runs={runs} rows={rows} />
}
