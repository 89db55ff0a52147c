import { useTranslation } from 'react-i18next'
import { latencyQuantile } from '#shared/latency-histogram.ts'
import type { ShadowFigures as Figures } from '#shared/rollout.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { useFormat } from '../../lib/format.ts'

/** How the answers of a shadow compare with those that went out. */
export function ShadowFigures({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  const format = useFormat()
  const p99 = latencyQuantile(figures.latencies, 0.99)
  return (
    <Facts>
      <Fact label={t('rollouts.mirrored')}>{format.integer(figures.requests)}</Fact>
      <Fact label={t('rollouts.agreed')}>
        {figures.rows === 0
          ? '–'
          : t('rollouts.agreedOf', {
              share: format.share(figures.agreed / figures.rows),
              rows: format.integer(figures.rows),
            })}
      </Fact>
      <Fact label={t('rollouts.shadowFailed')}>{format.integer(figures.failed)}</Fact>
      <Fact label={t('rollouts.shadowDropped')}>{format.integer(figures.dropped)}</Fact>
      <Fact label={t('endpoints.p99')}>
        {p99 === null ? '–' : t('rollouts.milliseconds', { value: format.short(p99) })}
      </Fact>
    </Facts>
  )
}
