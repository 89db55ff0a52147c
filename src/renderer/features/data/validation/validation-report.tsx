import { Button, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ValidationReport as Report, ValidationSubject } from '#shared/data.ts'
import { AnomaliesView } from '../../../components/previews/anomalies-view.tsx'
import { LongRead } from '../../../components/previews/long-read.tsx'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useSearchParam } from '../../../lib/use-search-param.ts'
import { datasetPath } from '../paths.ts'
import { useDatasets, useValidation, validationKey } from '../queries.ts'
import { AcceptedChange } from './accepted-change.tsx'
import { useWaysOut } from './use-ways-out.ts'
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
  const [previous, setPrevious] = useSearchParam('previous')
  const question = { subject, schemaFile, environment, previous }
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
            <Select
              w={200}
              aria-label={t('validation.previous')}
              placeholder={t('validation.previous')}
              clearable
              clearButtonProps={{ 'aria-label': t('common.none') }}
              value={previous ?? null}
              data={datasets.data?.map(({ name }) => name) ?? []}
              onChange={(value) => setPrevious(value ?? undefined)}
            />
            <Button variant="default" loading={report.isFetching} onClick={() => report.refetch()}>
              {t('validation.checkAgain')}
            </Button>
          </div>
          <Findings projectId={projectId} subject={subject} report={data} previous={previous} />
        </div>
      )}
    </LongRead>
  )
}

type FindingsProps = ValidationReportProps & { report: Report; previous: string | undefined }

function Findings({ projectId, subject, report, previous }: FindingsProps) {
  const datasets = useDatasets(projectId)
  const { actions, changed, error } = useWaysOut(projectId, { subject, report, previous })
  const dataset =
    subject.kind === 'dataset'
      ? subject.dataset
      : datasets.data?.find(({ schemaFile }) => schemaFile === report.schemaFile)?.name
  const schemaHref = (column: string | undefined) =>
    `${datasetPath(projectId, dataset ?? '')}?tab=schema${column === undefined ? '' : `&column=${encodeURIComponent(column)}`}`
  return (
    <>
      {error !== null && <ProblemAlert problem={problemOf(error)} />}
      {changed !== undefined && <AcceptedChange key={changed.sha256} accepted={changed} />}
      <AnomaliesView
        anomalies={report.anomalies}
        verdicts={report.verdicts}
        comparisons={report.comparisons}
        rows={report.rows}
        schemaFile={report.schemaFile}
        environment={report.environment}
        actions={actions}
        schemaHref={dataset === undefined ? undefined : schemaHref}
      />
    </>
  )
}
