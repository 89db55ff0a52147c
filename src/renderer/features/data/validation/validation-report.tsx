import { Button, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AcceptedAnomaly, ValidationReport as Report, ValidationSubject } from '#shared/data.ts'
import { AnomaliesView, type ShownAnomaly } from '../../../components/previews/anomalies-view.tsx'
import { LongRead } from '../../../components/previews/long-read.tsx'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useSearchParam } from '../../../lib/use-search-param.ts'
import { datasetPath } from '../paths.ts'
import { useAcceptAnomaly, useDatasets, useTakeBack, useValidation, validationKey } from '../queries.ts'
import { AcceptedChange } from './accepted-change.tsx'
import styles from './validation.module.css'

interface ValidationReportProps {
  projectId: string
  subject: ValidationSubject
}

/** Where data departs from its schema, and the way to make that the new normal. The choices stand in the address. */
export function ValidationReport({ projectId, subject }: ValidationReportProps) {
  const { t } = useTranslation()
  const [environment, setEnvironment] = useSearchParam('environment')
  const [schemaFile, setSchemaFile] = useSearchParam('schema')
  const question = { subject, schemaFile, environment }
  const report = useValidation(projectId, question)
  const datasets = useDatasets(projectId)
  const files = new Set(datasets.data?.flatMap((each) => each.schemaFile ?? []))
  return (
    <LongRead query={report} queryKey={validationKey(projectId, question)} what={t('validation.checking')}>
      {(data) => (
        <div className={styles.report}>
          <div className={styles.bar}>
            <span className={styles.subject}>{data.subject}</span>
            <Select
              w={240}
              aria-label={t('validation.schemaFile')}
              value={data.schemaFile}
              data={[...files.add(data.schemaFile)].sort()}
              onChange={(value) => setSchemaFile(value ?? undefined)}
            />
            <Select
              w={150}
              aria-label={t('validation.environment')}
              value={data.environment}
              data={data.environments}
              onChange={(value) => setEnvironment(value ?? undefined)}
            />
            <Button variant="default" loading={report.isFetching} onClick={() => report.refetch()}>
              {t('validation.checkAgain')}
            </Button>
          </div>
          <Findings projectId={projectId} subject={subject} report={data} />
        </div>
      )}
    </LongRead>
  )
}

function Findings({ projectId, subject, report }: ValidationReportProps & { report: Report }) {
  const datasets = useDatasets(projectId)
  const { accept, accepting, accepted, error } = useAccepting(projectId, subject, report)
  const dataset =
    subject.kind === 'dataset'
      ? subject.dataset
      : datasets.data?.find(({ schemaFile }) => schemaFile === report.schemaFile)?.name
  const schemaHref = (column: string | undefined) =>
    `${datasetPath(projectId, dataset ?? '')}?tab=schema${column === undefined ? '' : `&column=${encodeURIComponent(column)}`}`
  return (
    <>
      {error !== null && <ProblemAlert problem={problemOf(error)} />}
      {accepted !== undefined && <AcceptedChange key={accepted.sha256} accepted={accepted} />}
      <AnomaliesView
        anomalies={report.anomalies}
        rows={report.rows}
        schemaFile={report.schemaFile}
        environment={report.environment}
        onAccept={accept}
        accepting={accepting}
        schemaHref={dataset === undefined ? undefined : schemaHref}
      />
    </>
  )
}

/** One click, a notice that takes it back, and what was changed to look at. */
function useAccepting(projectId: string, subject: ValidationSubject, report: Report) {
  const { t } = useTranslation()
  const mutation = useAcceptAnomaly(projectId)
  const takeBack = useTakeBack(projectId)
  const [accepting, setAccepting] = useState<ShownAnomaly>()
  const [accepted, setAccepted] = useState<AcceptedAnomaly>()

  function undo(done: AcceptedAnomaly) {
    takeBack(done).then(
      () => {
        setAccepted(undefined)
        showToast({ text: t('validation.takenBack', { file: done.file }) })
      },
      (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' }),
    )
  }
  function accept(anomaly: ShownAnomaly) {
    const { type, column } = anomaly
    const { schemaFile, environment } = report
    setAccepting(anomaly)
    mutation.mutate(
      { subject, schemaFile, environment, anomaly: { type, ...(column !== undefined && { column }) } },
      {
        onSuccess: (done) => {
          setAccepted(done)
          const hash = done.commit?.hash.slice(0, 8)
          const text =
            hash === undefined
              ? t('validation.accepted', { file: done.file })
              : t('validation.acceptedCommit', { file: done.file, hash })
          showToast({ text, undo: () => undo(done) })
        },
        onSettled: () => setAccepting(undefined),
      },
    )
  }
  return { accept, accepting, accepted, error: mutation.error }
}
