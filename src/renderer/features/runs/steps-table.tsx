import { useTranslation } from 'react-i18next'
import type { Run, StepExecution } from '#shared/runs.ts'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Duration } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { sentenceWords } from '../../lib/words/sentences.ts'
import { useWords } from '../../lib/words/speech.ts'
import { CachedPill } from './cached-pill.tsx'
import styles from './steps-table.module.css'

interface StepsTableProps {
  run: Run
  selected: string | undefined
  onSelect: (step: string | undefined) => void
}

export function StepsTable({ run, selected, onSelect }: StepsTableProps) {
  const { t } = useTranslation()
  const columns: Column<StepExecution>[] = [
    {
      key: 'step',
      label: t('run.step'),
      cell: (step) => (
        <span className={styles.name}>
          <button
            type="button"
            className={styles.step}
            aria-pressed={step.name === selected}
            onClick={() => onSelect(step.name === selected ? undefined : step.name)}
          >
            {step.name}
          </button>
          {step.cached && <CachedPill step={step} />}
        </span>
      ),
    },
    { key: 'status', label: t('common.status'), wraps: true, cell: (step) => <StepStatusCell step={step} /> },
    {
      key: 'duration',
      label: t('common.duration'),
      numeric: true,
      cell: (step) => <Duration startedAt={step.startedAt} finishedAt={step.finishedAt} />,
    },
    {
      key: 'component',
      label: t('run.component'),
      cell: (step) => <code className="mono muted">{step.component}</code>,
    },
  ]
  return (
    <Table
      label={t('run.steps')}
      columns={columns}
      rows={run.steps}
      rowKey={(step) => step.name}
      selected={(step) => step.name === selected}
    />
  )
}

function StepStatusCell({ step }: { step: StepExecution }) {
  const { t } = useTranslation()
  const format = useFormat()
  const sentences = useWords(sentenceWords)
  const notes = [
    step.status === 'running' && step.progress !== null ? format.percent(step.progress) : undefined,
    step.status === 'running' ? (step.progressMessage ?? undefined) : undefined,
    step.attempt > 1 ? t('run.attempt', { attempt: step.attempt }) : undefined,
    step.reason === null ? undefined : sentences.text(step.reason),
  ].filter((note) => note !== undefined)
  return (
    <>
      <StatusMark status={step.status} /> <span className={styles.note}>{notes.join(' · ')}</span>
    </>
  )
}
