import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ModelVersionDetails } from '#shared/models.ts'
import { Pill } from '../../components/pill.tsx'
import { StatusMark } from '../../components/status.tsx'
import tableStyles from '../../components/table.module.css'
import { useFormat } from '../../lib/format.ts'
import { type MetricRow, metricRows } from './compare.ts'
import styles from './models.module.css'
import { Difference } from './slices-table.tsx'
import { verdictStatus } from './versions-table.tsx'

/** Metrics on test rows, with the best of each marked and the difference to the first version. */
export function CompareMetrics({ versions }: { versions: readonly ModelVersionDetails[] }) {
  const { t } = useTranslation()
  const rows = metricRows(versions.map(({ evaluation, metrics }) => evaluation?.content.metrics ?? metrics))
  return (
    <table className={tableStyles.table} aria-label={t('common.metrics')}>
      <thead>
        <tr>
          <th scope="col">{t('models.metric')}</th>
          {versions.map((version) => (
            <th key={version.version} scope="col" data-numeric>
              <Link
                className={styles.underlined}
                href={`/models/${encodeURIComponent(version.model)}/${version.version}`}
              >
                {t('models.versionName', { version: version.version })}
              </Link>{' '}
              {version.aliases.join(', ')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>{row.name}</td>
            {versions.map(({ version }, index) => (
              <td key={version} data-numeric>
                <Value row={row} index={index} />
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <td>{t('models.verdict')}</td>
          {versions.map((version) => (
            <td key={version.version} data-numeric>
              <StatusMark status={verdictStatus(version)} />
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  )
}

function Value({ row: { name, values, best, differences }, index }: { row: MetricRow; index: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const value = values[index]
  if (value === undefined) return '–'
  return (
    <>
      {best.includes(index) && <Pill>{t('models.best')}</Pill>}{' '}
      <span className={best.includes(index) ? styles.best : undefined}>{format.metric(value)}</span>
      {index > 0 && (
        <>
          {' '}
          (<Difference metric={name} value={differences[index]} />)
        </>
      )}
    </>
  )
}
