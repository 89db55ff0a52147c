import { useTranslation } from 'react-i18next'
import type { Trigger } from '#shared/triggers.ts'
import { Moment } from '../../components/time.tsx'

/** When a trigger can fire next, or what it waits for. */
export function NextOf({ trigger: { nextAt, kind, pausedAt } }: { trigger: Trigger }) {
  const { t } = useTranslation()
  if (pausedAt !== null) return <span className="muted">{t('triggers.stateOf.paused')}</span>
  if (nextAt !== null) return <Moment at={nextAt} />
  return <span className="muted">{t('triggers.waiting', { what: t(`triggers.waitingFor.${kind}`) })}</span>
}
