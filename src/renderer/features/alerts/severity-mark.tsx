import { useTranslation } from 'react-i18next'
import type { Alert } from '#shared/alerts.ts'
import { AlertIcon, CheckIcon, CrossIcon } from '../../components/icons.tsx'
import styles from './alerts.module.css'

/** How an alert stands: by icon and word, never by colour alone. */
export function SeverityMark({ alert }: { alert: Pick<Alert, 'state' | 'severity' | 'worst'> }) {
  const { t } = useTranslation()
  const tone = alert.state === 'cleared' ? 'cleared' : alert.severity
  const Icon = { cleared: CheckIcon, warning: AlertIcon, critical: CrossIcon }[tone]
  return (
    <span className={styles.severity} data-tone={tone}>
      <Icon size={14} />
      {t(`alerts.severity.${tone}`)}
    </span>
  )
}
