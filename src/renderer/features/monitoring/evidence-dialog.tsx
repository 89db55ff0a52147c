import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Reading, ReadingEvidence } from '#shared/monitors.ts'
import { DistributionPair, PairLegend } from '../../components/drift/distribution-pair.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { MetricTiles } from '../../components/metric-list.tsx'
import { useFormat } from '../../lib/format.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'
import styles from './monitoring.module.css'
import { useEvidence } from './queries.ts'

interface EvidenceDialogProps {
  reading: Reading
  /** The part that is looked into; closed while there is none. */
  part: string | undefined
  onClose: () => void
}

/** What a part of a reading rests on: both distributions, and the figures. */
export function EvidenceDialog({ reading, part, onClose }: EvidenceDialogProps) {
  const { t } = useTranslation()
  const evidence = useEvidence(reading.id, part !== undefined)
  return (
    <Modal
      opened={part !== undefined}
      onClose={onClose}
      size="lg"
      title={t('monitoring.evidenceOf', { part: part ?? '', check: reading.check })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Loaded query={evidence}>{(found) => <Evidence evidence={found} part={part ?? ''} />}</Loaded>
    </Modal>
  )
}

function Evidence({ evidence, part }: { evidence: ReadingEvidence; part: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useWords(readingWords)
  const { compared, currentRows, referenceRows, figures } = evidence
  const [current, reference] =
    compared === undefined
      ? [evidence.current, evidence.reference]
      : [words.sample(compared.current), words.sample(compared.reference)]
  const shown = evidence.distributions.filter(({ feature }) => feature === part)
  const known = Object.entries(figures).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  return (
    <div className={styles.stack}>
      {current !== '' && reference !== '' && (
        <p className={styles.reason}>
          {t('monitoring.compared', {
            current,
            reference,
            now: format.integer(currentRows),
            before: format.integer(referenceRows),
          })}
        </p>
      )}
      {shown.map(({ feature, cells }) => (
        <div key={feature} className={styles.pair}>
          <PairLegend />
          <DistributionPair feature={feature} cells={cells} />
        </div>
      ))}
      {known.length > 0 && <MetricTiles metrics={Object.fromEntries(known)} />}
      {shown.length === 0 && known.length === 0 && <EmptyNote>{t('monitoring.noEvidence')}</EmptyNote>}
    </div>
  )
}
