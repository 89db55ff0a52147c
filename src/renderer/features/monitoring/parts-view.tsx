import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reading, ReadingHistory, ReadingPart } from '#shared/monitors.ts'
import { StatusMark } from '../../components/status.tsx'
import { useFormat } from '../../lib/format.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'
import { EvidenceDialog } from './evidence-dialog.tsx'
import styles from './monitoring.module.css'
import { PartLine } from './part-line.tsx'

/** Each part of the newest reading as a small multiple: its way over time; a click opens what it rests on. */
export function PartsView({ reading, history }: { reading: Reading; history: ReadingHistory }) {
  const { t } = useTranslation()
  const [opened, open] = useState<string>()
  const parts = reading.parts.toSorted((a, b) => Number(b.bad) - Number(a.bad) || (b.value ?? 0) - (a.value ?? 0))
  const top = Math.max(...history.points.flatMap(({ parts: each }) => each.map(({ value }) => value ?? 0)), 0)
  return (
    <section aria-label={t('monitoring.parts')}>
      <h3 className={styles.subtitle}>{t('monitoring.parts')}</h3>
      <ul className={styles.parts}>
        {parts.map((part) => (
          <li key={part.name}>
            <PartCard part={part} reading={reading} history={history} top={top} onOpen={() => open(part.name)} />
          </li>
        ))}
      </ul>
      <EvidenceDialog reading={reading} part={opened} onClose={() => open(undefined)} />
    </section>
  )
}

interface PartCardProps {
  part: ReadingPart
  reading: Reading
  history: ReadingHistory
  /** The end of the axis of all parts, so that they can be compared. */
  top: number
  onOpen: () => void
}

function PartCard({ part, reading, history, top, onOpen }: PartCardProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useWords(readingWords)
  const detail = words.detail(part)
  const values = history.points.map((point) => point.parts.find(({ name }) => name === part.name)?.value ?? null)
  return (
    <UnstyledButton className={styles.part} onClick={onOpen} aria-label={t('monitoring.openPart', { part: part.name })}>
      <span className={styles.partHead}>
        <code className="mono">{part.name}</code>
        {part.bad && <StatusMark status="warning" text={t('monitoring.standsOut')} />}
      </span>
      <span className={styles.partValue}>
        {words.value(part.value, reading.unit)}{' '}
        <span className="muted">
          {words.interval({ unit: reading.unit, ...(part.interval !== undefined && { interval: part.interval }) })}
          {part.rows !== undefined && ` · ${t('monitoring.rowCount', { rows: format.integer(part.rows) })}`}
        </span>
      </span>
      <PartLine label={t('monitoring.partOverTime', { part: part.name })} values={values} top={top} />
      {detail !== '' && <span className={styles.detail}>{detail}</span>}
    </UnstyledButton>
  )
}
