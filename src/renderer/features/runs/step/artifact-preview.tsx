import { SegmentedControl, Skeleton } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { z } from 'zod'
import { anomalyReportSchema } from '#shared/anomalies.ts'
import { driftReportSchema } from '#shared/drift.ts'
import { verdictSchema } from '#shared/gate.ts'
import { evaluationSchema, modelManifestSchema } from '#shared/models.ts'
import type { Artifact, Run } from '#shared/runs.ts'
import { statisticsSchema } from '#shared/statistics.ts'
import { CopyButton } from '../../../components/copy-button.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { Pill } from '../../../components/pill.tsx'
import { useDataFormat } from '../../../components/previews/data-format.ts'
import { lineageHref } from '../../lineage/links.ts'
import { useArtifact, useArtifactJson } from '../queries.ts'
import { DriftPreview } from './drift-preview.tsx'
import { EvaluationPreview, ManifestPreview, PlacePreview, VerdictPreview } from './made-previews.tsx'
import styles from './step.module.css'

const TablePreview = lazy(async () => ({
  default: (await import('../../../components/previews/table-preview.tsx')).TablePreview,
}))
const StatisticsView = lazy(async () => ({
  default: (await import('../../../components/previews/statistics-view.tsx')).StatisticsView,
}))
const AnomaliesView = lazy(async () => ({
  default: (await import('../../../components/previews/anomalies-view.tsx')).AnomaliesView,
}))

const shownHashLength = 12

interface ArtifactPreviewProps {
  hash: string
  run: Run
  /** The step that made it. */
  step: string
}

/** What an artifact is, and what it holds as its type is best read. Any of its files can be looked at instead. */
export function ArtifactPreview({ hash, run, step }: ArtifactPreviewProps) {
  const artifact = useArtifact(hash)
  return (
    <Loaded query={artifact}>
      {(data) => (
        <>
          <About artifact={data} />
          <Suspense fallback={<Skeleton height={120} />}>
            <Content artifact={data} run={run} step={step} />
          </Suspense>
        </>
      )}
    </Loaded>
  )
}

function About({ artifact: { type, hash, files } }: { artifact: Artifact }) {
  const { t } = useTranslation()
  const format = useDataFormat()
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return (
    <div className={styles.line}>
      <Pill>{t(`artifact.${type}`)}</Pill>
      <span className="muted">
        {t('step.files', { count: files.length })}, {format.bytes(bytes)}
      </span>
      <code className="mono muted">{hash.slice(0, shownHashLength)}</code>
      <CopyButton text={hash} />
      <Link href={lineageHref(hash)}>{t('lineage.link')}</Link>
    </div>
  )
}

function Content({ artifact, run, step }: { artifact: Artifact; run: Run; step: string }) {
  const { t } = useTranslation()
  const { type, hash } = artifact
  if (type === 'statistics') {
    return (
      <Json hash={hash} file="statistics.json" schema={statisticsSchema}>
        {(statistics) => (
          <div className={styles.tall}>
            <StatisticsView statistics={statistics} />
          </div>
        )}
      </Json>
    )
  }
  if (type === 'anomalies') {
    return (
      <Json hash={hash} file="anomalies.json" schema={anomalyReportSchema}>
        {({ anomalies, verdicts, comparisons, rows, schema, environment }) => (
          <>
            <Link href={`/data/${run.projectId}/validation?run=${run.id}&step=${encodeURIComponent(step)}`}>
              {t('step.validationReport')}
            </Link>
            <AnomaliesView
              anomalies={anomalies}
              verdicts={verdicts}
              comparisons={comparisons}
              rows={rows}
              schemaFile={schema}
              environment={environment}
            />
          </>
        )}
      </Json>
    )
  }
  return <MadeContent artifact={artifact} />
}

function MadeContent({ artifact }: { artifact: Artifact }) {
  const { type, hash } = artifact
  switch (type) {
    case 'drift':
      return (
        <Json hash={hash} file="drift.json" schema={driftReportSchema}>
          {(report) => <DriftPreview report={report} />}
        </Json>
      )
    case 'evaluation':
      return (
        <Json hash={hash} file="evaluation.json" schema={evaluationSchema}>
          {(evaluation) => <EvaluationPreview evaluation={evaluation} />}
        </Json>
      )
    case 'verdict':
      return (
        <Json hash={hash} file="verdict.json" schema={verdictSchema}>
          {(verdict) => <VerdictPreview verdict={verdict} />}
        </Json>
      )
    case 'model':
      return (
        <Json hash={hash} file="manifest.json" schema={modelManifestSchema}>
          {(manifest) => <ManifestPreview manifest={manifest} />}
        </Json>
      )
    case 'model-version':
    case 'deployment':
      return <PlacePreview hash={hash} kind={type} />
    default:
      return <Files artifact={artifact} />
  }
}

interface JsonProps<Schema extends z.ZodType> {
  hash: string
  file: string
  schema: Schema
  children: (data: z.output<Schema>) => React.ReactNode
}

/** A file as its schema reads it; one that an older version wrote is shown as it is. */
function Json<Schema extends z.ZodType>({ hash, file, schema, children }: JsonProps<Schema>) {
  const json = useArtifactJson(hash, file)
  return (
    <Loaded query={json}>
      {(value) => {
        const read = schema.safeParse(value)
        return read.success ? children(read.data) : <JsonText value={value} label={file} />
      }}
    </Loaded>
  )
}

function JsonText({ value, label }: { value: unknown; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.json} tabIndex={0} aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </section>
  )
}

/** Tables as rows, JSON as text; of other files only their names are shown. */
function Files({ artifact: { hash, files } }: { artifact: Artifact }) {
  const { t } = useTranslation()
  const readable = files.map(({ name }) => name).filter((name) => /\.(parquet|json)$/.test(name))
  const [chosen, setChosen] = useState<string>()
  const file = chosen ?? readable.find((name) => name.endsWith('.parquet')) ?? readable[0]
  return (
    <>
      {readable.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={t('step.file')}
          data={readable}
          value={file ?? ''}
          onChange={setChosen}
        />
      )}
      {file === undefined && <code className="mono">{files.map(({ name }) => name).join('\n')}</code>}
      {file?.endsWith('.parquet') && (
        <div className={styles.table}>
          <TablePreview key={file} hash={hash} file={file} />
        </div>
      )}
      {file?.endsWith('.json') && <JsonFile key={file} hash={hash} file={file} />}
    </>
  )
}

function JsonFile({ hash, file }: { hash: string; file: string }) {
  const json = useArtifactJson(hash, file)
  return <Loaded query={json}>{(value) => <JsonText value={value} label={file} />}</Loaded>
}
