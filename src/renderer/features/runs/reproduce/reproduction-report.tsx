import { useTranslation } from 'react-i18next'
import type { ReproducedStep, ReproductionReport } from '#shared/reproduction.ts'
import { StatusMark } from '../../../components/status.tsx'
import { type Column, Table } from '../../../components/table.tsx'
import { sentenceWords } from '../../../lib/words/sentences.ts'
import { useWords } from '../../../lib/words/speech.ts'
import styles from './reproduce.module.css'

const marks = { identical: 'succeeded', differs: 'failed', 'not-run': 'unavailable' } as const

/** Step by step: the same, or exactly what differs. */
export function ReproductionReportView({ report }: { report: ReproductionReport }) {
  const { t } = useTranslation()
  const sentences = useWords(sentenceWords)
  const columns: Column<ReproducedStep>[] = [
    { key: 'step', label: t('lineage.kinds.step'), cell: ({ step }) => <span className="mono">{step}</span> },
    {
      key: 'outcome',
      label: t('reproduce.outcome'),
      cell: ({ outcome }) => <StatusMark status={marks[outcome]} text={t(`reproduce.outcomes.${outcome}`)} />,
    },
    { key: 'what', label: t('reproduce.what'), wraps: true, cell: (step) => <Differences step={step} /> },
  ]
  return (
    <>
      <Table label={t('reproduce.report')} columns={columns} rows={report.steps} rowKey={({ step }) => step} />
      <ul className={styles.notes}>
        {report.sources.map(({ step, path, found }) => (
          <li key={`${step} ${path}`}>
            <span className="mono">{path}</span>{' '}
            {t(found === null ? 'reproduce.sourceGone' : 'reproduce.sourceDiffers', { step })}
          </li>
        ))}
        {report.environment.map(({ what, recorded, now }) => (
          <li key={what}>{t('reproduce.environment', { what, recorded, now })}</li>
        ))}
        {report.notes.map((note) => (
          <li key={note}>{sentences.text(note)}</li>
        ))}
      </ul>
    </>
  )
}

function Differences({ step: { artifacts, values, recordedStatus, status } }: { step: ReproducedStep }) {
  const { t } = useTranslation()
  const files = artifacts.flatMap(({ output, files: differing }) => differing.map(({ name }) => `${output}/${name}`))
  return (
    <>
      {recordedStatus !== status && (
        <div>
          {t(`status.${recordedStatus}`)} → {t(`status.${status}`)}
        </div>
      )}
      {files.map((file) => (
        <div key={file} className="mono">
          {file}
        </div>
      ))}
      {values.map(({ name, recorded, again }) => (
        <div key={name} className="mono">
          {name}: {JSON.stringify(recorded)} → {JSON.stringify(again)}
        </div>
      ))}
    </>
  )
}
