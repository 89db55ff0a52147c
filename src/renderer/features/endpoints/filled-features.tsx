import { useTranslation } from 'react-i18next'
import type { FeatureRead } from '#shared/online.ts'
import { Pill } from '../../components/pill.tsx'
import { useFormat } from '../../lib/format.ts'
import styles from './endpoints.module.css'

/** What the feature store had for the inputs that the row left out. */
export function FilledFeatures({ reads }: { reads: readonly FeatureRead[] }) {
  const { t } = useTranslation()
  if (reads.length === 0) return null
  return (
    <>
      <p className={styles.origin}>{t('online.filled')}</p>
      <table className={styles.probabilities} aria-label={t('online.filled')}>
        <tbody>
          {reads.flatMap((read) =>
            Object.keys(read.values).map((column) => (
              <FilledInput key={`${read.view} ${column}`} column={column} read={read} />
            )),
          )}
        </tbody>
      </table>
    </>
  )
}

function FilledInput({ column, read }: { column: string; read: FeatureRead }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { view, status, gap, ageMs, entity, values } = read
  const value = values[column] ?? null
  const age = ageMs === null ? '' : t('online.age', { age: format.duration(ageMs) })
  return (
    <tr>
      <th scope="row">
        {column} <span className="muted">{Object.values(entity).map(String).join(', ')}</span>
      </th>
      <td>
        <Pill>{t(`online.status_${status}`)}</Pill>{' '}
        <span className="muted">{gap === null ? `${view}, ${age}` : t(`online.gap_${gap}`, { view })}</span>
      </td>
      <td className="numeric">{typeof value === 'number' ? format.metric(value) : String(value ?? '–')}</td>
    </tr>
  )
}
