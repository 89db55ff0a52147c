import { useTranslation } from 'react-i18next'
import type { Run, StepExecution } from '#shared/runs.ts'
import { CacheIcon } from '../../components/icons.tsx'
import { Pill } from '../../components/pill.tsx'
import { StatusMark, toneClass } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Duration } from '../../components/time.tsx'
import { isEnded } from '../../lib/cache-updates.ts'
import { useFormat } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import styles from './steps-table.module.css'
import { timelineBar } from './timeline.ts'

interface StepsTableProps {
  run: Run
  selected: string | undefined
  onSelect: (step: string | undefined) => void
}

export function StepsTable({ run, selected, onSelect }: StepsTableProps) {
  const { t } = useTranslation()
  const now = useNow(1_000, !isEnded(run.status))
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
          {step.cached && <Pill icon={<CacheIcon size={11} />}>{t('run.cached')}</Pill>}
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
    { key: 'timeline', label: t('run.timeline'), cell: (step) => <TimelineCell run={run} step={step} now={now} /> },
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
  const notes = [
    step.status === 'running' && step.progress !== null ? format.percent(step.progress) : undefined,
    step.status === 'running' ? (step.progressMessage ?? undefined) : undefined,
    step.attempt > 1 ? t('run.attempt', { attempt: step.attempt }) : undefined,
    step.reason ?? undefined,
  ].filter((note) => note !== undefined)
  return (
    <>
      <StatusMark status={step.status} /> <span className={styles.note}>{notes.join(' · ')}</span>
    </>
  )
}

function TimelineCell({ run, step, now }: { run: Run; step: StepExecution; now: number }) {
  const bar = timelineBar(run, step, now)
  return (
    <span className={`${styles.track} ${toneClass(step.status)}`} aria-hidden="true">
      {bar !== undefined && (
        <span className={styles.bar} style={{ left: `${bar.start * 100}%`, width: `${bar.length * 100}%` }} />
      )}
    </span>
  )
}
