import { useTranslation } from 'react-i18next'
import type { DataFilePreview, TableColumn } from '#shared/data.ts'
import type { Json } from '#shared/runs.ts'
import styles from './start.module.css'

/** The first rows, as they are read. */
export function FilePreview({ preview, target }: { preview: DataFilePreview; target: string | undefined }) {
  const { t } = useTranslation()
  const { columns, rows } = preview.page
  const label = t('start.firstRows')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.preview} tabIndex={0} aria-label={label}>
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                data-numeric={isNumeric(column)}
                data-target={column.name === target || undefined}
              >
                {column.name}
                <span className={styles.type}>{column.storageType.toLowerCase()}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other identity
            <tr key={index}>
              {columns.map((column, at) => (
                <td
                  key={column.name}
                  data-numeric={isNumeric(column)}
                  data-target={column.name === target || undefined}
                >
                  <Cell value={row[at] ?? null} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** An attribute that is there or not. */
function isNumeric({ type }: TableColumn): true | undefined {
  return type === 'integer' || type === 'number' || undefined
}

function Cell({ value }: { value: Json }) {
  const { t } = useTranslation()
  if (value === null) return <span className="muted">{t('start.missing')}</span>
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
