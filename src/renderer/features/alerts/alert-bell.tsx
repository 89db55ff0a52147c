import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import styles from './alerts.module.css'
import { useOpenAlerts } from './queries.ts'

/** How many alerts are open, beside the bell in the rail; nothing where none is. */
export function AlertCount() {
  const { t } = useTranslation()
  const format = useFormat()
  const counts = useOpenAlerts().data?.counts
  if (counts === undefined || counts.open === 0) return null
  const label = t('alerts.openCount', { count: counts.open, formatted: format.integer(counts.open) })
  return (
    <span className={styles.count} data-critical={counts.critical > 0 || undefined} title={label}>
      <span aria-hidden="true">{format.integer(counts.open)}</span>
      <span className={styles.hidden}>{label}</span>
    </span>
  )
}
