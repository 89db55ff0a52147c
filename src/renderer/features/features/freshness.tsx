import { useTranslation } from 'react-i18next'
import type { FeatureFreshness } from '#shared/features.ts'
import { StatusMark } from '../../components/status.tsx'
import { useFormat } from '../../lib/format.ts'

const dayMs = 86_400_000

interface FreshnessProps {
  freshness: FeatureFreshness
  /** The age alone, where a column says what it is. */
  short?: boolean
}

/** How old the newest values are, against how long they may be used. */
export function Freshness({ freshness: { ageMs, stale }, short = false }: FreshnessProps) {
  const { t } = useTranslation()
  const format = useFormat()
  if (ageMs === null) return <span className="muted">{t('features.noRows')}</span>
  const days = Math.floor(ageMs / dayMs)
  const age = days < 2 ? format.duration(Math.max(ageMs, 0)) : t('features.dayCount', { count: days })
  const old = t('features.age', { age })
  if (stale === null) return old
  const long = stale ? t('features.stale', { age }) : t('features.fresh', { age })
  return <StatusMark status={stale ? 'unavailable' : 'ready'} text={short ? old : long} />
}
