import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { AlertIcon } from '../components/icons.tsx'
import { useConnection } from '../lib/connection.ts'
import { desktop } from '../lib/desktop.ts'
import { retryNow } from '../lib/live.ts'
import styles from './shell.module.css'

/** Says that the engine does not answer, for as long as that lasts. */
export function ConnectionBanner() {
  const { t } = useTranslation()
  const state = useConnection((connection) => connection.state)
  if (state !== 'unreachable') return null
  return (
    <div className={styles.banner} role="alert">
      <span className={styles.bannerTitle}>
        <AlertIcon size={16} />
        {t('connection.unreachable')}
      </span>
      <span>{t('connection.unreachableText')}</span>
      {desktop === undefined && (
        <span>
          {t('connection.unreachableNext')} <code className="mono">npx esteira serve</code>
        </span>
      )}
      <Button variant="default" size="compact-xs" onClick={retryNow}>
        {t('connection.retry')}
      </Button>
    </div>
  )
}
