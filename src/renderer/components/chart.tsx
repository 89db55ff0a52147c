import { Skeleton } from '@mantine/core'
import { lazy, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './chart.module.css'
import type { BuildOption } from './chart-canvas.tsx'
import { CopyButton } from './copy-button.tsx'

const Canvas = lazy(() => import('./chart-canvas.tsx'))

/** The numbers of a chart: what is copied and what a screen reader reads. */
export interface ChartTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

interface ChartProps {
  title: ReactNode
  /** Says in words what the chart shows, with its units. */
  label: string
  /** Builds the option for the colours of the theme. Name the axes, with their units. Keep it stable (useCallback). */
  option: BuildOption
  table: ChartTable
  heightPx?: number
  actions?: ReactNode
}

const shownRows = 500

/** A chart with its numbers in a table behind it. The chart library is fetched when the first one is shown. */
export function Chart({ title, label, option, table, heightPx = 220, actions }: ChartProps) {
  const { t } = useTranslation()
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.head}>
        <span className={styles.title}>{title}</span>
        {actions}
      </figcaption>
      <div className={styles.picture} style={{ height: heightPx }} role="img" aria-label={label}>
        <Suspense fallback={<Skeleton height="100%" />}>
          <Canvas option={option} />
        </Suspense>
      </div>
      <details className={styles.numbers}>
        <summary>{t('common.tableOf')}</summary>
        <div className={styles.tools}>
          <CopyButton text={tabSeparated(table)} />
          {table.rows.length > shownRows && <span>{t('common.firstRows', { count: shownRows })}</span>}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className={styles.table} tabIndex={0} aria-label={label}>
          <table aria-label={label}>
            <thead>
              <tr>
                {table.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.slice(0, shownRows).map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of numbers have no other identity
                <tr key={index}>
                  {row.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: nor have their cells
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  )
}

/** As spreadsheets take it. */
export function tabSeparated({ columns, rows }: ChartTable): string {
  return [columns, ...rows].map((row) => row.join('\t')).join('\n')
}
