import { useTranslation } from 'react-i18next'
import type { DeploymentFigures } from '#shared/gate.ts'
import { Fact, Facts } from '../../../components/facts.tsx'
import { useDataFormat } from '../../../components/previews/data-format.ts'
import { useFormat } from '../../../lib/format.ts'
import styles from '../models.module.css'

/** What loading and asking the candidate in the real inference server told. */
export function ServingFigures({ figures }: { figures: DeploymentFigures }) {
  const { t } = useTranslation()
  const format = useFormat()
  const data = useDataFormat()
  const { tries, loadMs, latencyMs, requests, memoryBytes, maxDifference, endpoint } = figures
  const ms = (value: number) => `${format.short(value)} ms`
  return (
    <div className={styles.padded}>
      <Facts>
        {loadMs !== null && <Fact label={t('gate.loadTime')}>{ms(loadMs)}</Fact>}
        {tries > 1 && <Fact label={t('gate.tries')}>{format.integer(tries)}</Fact>}
        {requests > 0 && <Fact label={t('gate.requests')}>{format.integer(requests)}</Fact>}
        {latencyMs !== null && (
          <Fact label={t('gate.latency')}>
            {t('gate.latencyValues', { p50: ms(latencyMs.p50), p95: ms(latencyMs.p95), max: ms(latencyMs.max) })}
          </Fact>
        )}
        {memoryBytes !== null && <Fact label={t('gate.memory')}>{data.bytes(memoryBytes)}</Fact>}
        {maxDifference !== null && (
          <Fact label={t('gate.difference')}>
            {maxDifference === 0 ? t('gate.noDifference') : format.short(maxDifference)}
          </Fact>
        )}
        {endpoint !== null && (
          <Fact label={t('gate.servesNow')}>
            {t('gate.versionAt', { model: endpoint.model, version: endpoint.version, endpoint: endpoint.name })}
          </Fact>
        )}
        <InputList label={t('gate.newInputs')} names={figures.newInputs} />
        <InputList label={t('gate.removedInputs')} names={figures.removedInputs} />
      </Facts>
    </div>
  )
}

function InputList({ label, names }: { label: string; names: readonly string[] }) {
  if (names.length === 0) return null
  return <Fact label={label}>{names.join(', ')}</Fact>
}
