import { Button, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Examination, Finding } from '#shared/doctor.ts'
import { useDataFormat } from '../../components/previews/data-format.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { sentenceWords } from '../../lib/words/sentences.ts'
import { useWords } from '../../lib/words/speech.ts'
import { useExamination } from './queries.ts'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'

/** What `esteira doctor --repair` does, with or without the repair. */
export function ExaminationRow() {
  const { t } = useTranslation()
  const { examination, start } = useExamination()
  const underWay = start.isPending || examination?.finishedAt === null
  const button = (repair: boolean, label: string) => (
    <Button
      variant="default"
      disabled={underWay}
      loading={underWay && (start.isPending ? start.variables : examination?.repairs) === repair}
      onClick={() => start.mutate(repair)}
    >
      {label}
    </Button>
  )
  return (
    <>
      <SettingRow label={t('settings.examine')} hint={t('settings.examineHint')}>
        {button(false, t('settings.examineOnly'))}
        {button(true, t('settings.examineAndRepair'))}
      </SettingRow>
      {examination !== undefined && <Outcome examination={examination} />}
    </>
  )
}

function Outcome({ examination }: { examination: Examination }) {
  const { t } = useTranslation()
  const format = useFormat()
  const figures = useDataFormat()
  const { finishedAt, progress, problem, findings, artifacts, files, bytes, foreignKeys } = examination
  if (finishedAt === null) {
    const share = t('settings.examining', { share: format.percent(progress) })
    return (
      <div className={styles.found} role="status">
        <p className={styles.total}>{share}</p>
        <Progress className={styles.progress} value={100 * progress} aria-label={share} />
      </div>
    )
  }
  if (problem !== null) return <ProblemAlert problem={problem} />
  return (
    <section className={styles.found} aria-label={t('settings.examine')}>
      <p className={styles.total} role="status">
        <StatusMark
          status={findings.length === 0 ? 'succeeded' : 'unavailable'}
          text={findings.length === 0 ? t('settings.allInOrder') : t('settings.findings', { count: findings.length })}
        />
        <span className="muted">
          {t('settings.examined', {
            artifacts: format.integer(artifacts),
            files: format.integer(files),
            bytes: figures.bytes(bytes),
            references: format.integer(foreignKeys),
          })}{' '}
          <Moment at={finishedAt} />
        </span>
      </p>
      {findings.length > 0 && <Findings findings={findings} />}
    </section>
  )
}

const statusOf = { repaired: 'succeeded', marked: 'failed', left: 'unavailable' } as const

function Findings({ findings }: { findings: readonly Finding[] }) {
  const { t } = useTranslation()
  const sentences = useWords(sentenceWords)
  const columns: Column<Finding>[] = [
    { key: 'finding', label: t('settings.finding'), cell: ({ kind }) => t(`settings.findingKinds.${kind}`) },
    {
      key: 'where',
      label: t('settings.where'),
      wraps: true,
      cell: ({ where }) => <code className="mono">{where}</code>,
    },
    { key: 'detail', label: t('common.details'), wraps: true, cell: ({ detail }) => sentences.text(detail) },
    {
      key: 'outcome',
      label: t('settings.outcome'),
      wraps: true,
      cell: ({ outcome, repair }) => (
        <>
          <StatusMark status={statusOf[outcome]} text={t(`settings.outcomes.${outcome}`)} />
          <div className="muted">{sentences.text(repair)}</div>
        </>
      ),
    },
  ]
  return (
    <div className={styles.list}>
      <Table
        label={t('settings.examine')}
        columns={columns}
        rows={findings}
        rowKey={({ kind, where, detail }) => `${kind} ${where} ${detail}`}
      />
    </div>
  )
}
