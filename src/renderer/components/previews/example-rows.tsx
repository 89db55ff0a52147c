import { useTranslation } from 'react-i18next'
import type { ReportedAnomaly } from '#shared/data.ts'
import styles from './anomalies.module.css'
import { Value } from './data-grid.tsx'
import { useCellText } from './paged-table.tsx'

interface ExampleRowsProps {
  rows: NonNullable<ReportedAnomaly['rows']>
  /** Marked, because it is the one at fault. */
  column: string | undefined
}

/** A few rows that show what is at fault. */
export function ExampleRows({ rows, column }: ExampleRowsProps) {
  const { t } = useTranslation()
  const cellText = useCellText()
  const label = column === undefined ? t('anomaly.exampleRows') : t('anomaly.exampleRowsOf', { column })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.rows} tabIndex={0} aria-label={label}>
      <table aria-label={label}>
        <thead>
          <tr>
            {rows.columns.map((name) => (
              <th key={name} scope="col" data-fault={name === column || undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of data have no other identity
            <tr key={index}>
              {rows.columns.map((name, cell) => (
                <td key={name} data-fault={name === column || undefined}>
                  <Value {...cellText(row[cell], { type: 'timestamp' })} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
