import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { z } from 'zod'
import { type Verdict, verdictSchema } from '#shared/gate.ts'
import type { Evaluation, ModelManifest, SignatureInput, SliceEvaluation } from '#shared/models.ts'
import { Fact, Facts } from '../../../components/facts.tsx'
import { LineChart } from '../../../components/line-chart.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { MetricList, MetricTiles } from '../../../components/metric-list.tsx'
import { StatusMark } from '../../../components/status.tsx'
import { type Column, Table } from '../../../components/table.tsx'
import { useFormat } from '../../../lib/format.ts'
import { ledgerWords } from '../../../lib/words/ledger.ts'
import { useWords } from '../../../lib/words/speech.ts'
import { VerdictView } from '../../models/verdict-view.tsx'
import { useArtifactJson } from '../queries.ts'
import styles from './step.module.css'

export function EvaluationPreview({ evaluation }: { evaluation: Evaluation }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { metrics, rows, slices, roc, precisionRecall } = evaluation
  const columns: Column<SliceEvaluation>[] = [
    { key: 'slice', label: t('step.slice'), cell: ({ column, value }) => `${column} = ${value}` },
    { key: 'rows', label: t('step.rows'), numeric: true, cell: (slice) => format.integer(slice.rows) },
    { key: 'metrics', label: t('common.metrics'), cell: (slice) => <MetricList metrics={slice.metrics} /> },
  ]
  return (
    <>
      <p className={styles.line}>{t('step.scoredRows', { count: rows })}</p>
      <MetricTiles metrics={metrics} />
      <div className={styles.charts}>
        {roc !== undefined && (
          <LineChart
            title={t('step.roc')}
            label={t('step.roc')}
            points={roc}
            xLabel={t('step.falsePositives')}
            yLabel={t('step.truePositives')}
          />
        )}
        {precisionRecall !== undefined && (
          <LineChart
            title={t('step.precisionRecall')}
            label={t('step.precisionRecall')}
            points={precisionRecall}
            xLabel={t('step.recall')}
            yLabel={t('step.precision')}
          />
        )}
      </div>
      {slices.length > 0 && (
        <div className={styles.flush}>
          <Table
            label={t('step.slices')}
            columns={columns}
            rows={slices}
            rowKey={({ column, value }) => `${column} ${value}`}
          />
        </div>
      )}
    </>
  )
}

export function VerdictPreview({ verdict }: { verdict: Verdict }) {
  return (
    <>
      <p className={styles.line}>
        <StatusMark status={verdict.blessed ? 'blessed' : 'rejected'} />
      </p>
      <div className={styles.flush}>
        <VerdictView verdict={verdict} />
      </div>
    </>
  )
}

export function ManifestPreview({ manifest }: { manifest: ModelManifest }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { signature } = manifest
  const columns: Column<SignatureInput>[] = [
    { key: 'name', label: t('common.name'), cell: ({ name }) => <code className="mono">{name}</code> },
    { key: 'type', label: t('step.type'), cell: ({ type }) => type },
    { key: 'required', label: t('step.required'), cell: ({ required }) => (required ? t('step.yes') : t('step.no')) },
  ]
  return (
    <>
      <Facts>
        <Fact label={t('step.trainer')}>{manifest.trainer}</Fact>
        <Fact label={t('step.target')}>
          <code className="mono">{signature.target}</code>
        </Fact>
        <Fact label={t('step.trainedRows')}>{format.integer(manifest.trainedRows)}</Fact>
        <Fact label={t('step.backend')}>{manifest.environment.backend}</Fact>
      </Facts>
      <MetricTiles metrics={manifest.validationMetrics} />
      <div className={styles.flush}>
        <Table label={t('step.signature')} columns={columns} rows={signature.inputs} rowKey={({ name }) => name} />
      </div>
    </>
  )
}

const versionSchema = z.object({
  model: z.string(),
  version: z.number(),
  reason: z.string().optional(),
  verdict: verdictSchema.optional(),
})
const deploymentSchema = versionSchema.extend({ endpoint: z.string(), revision: z.number() })

/** The verdict, where it is what decided. */
function judgementOf({ reason = '', verdict }: z.infer<typeof versionSchema>): Verdict | undefined {
  return verdict !== undefined && reason.endsWith(verdict.reason) ? verdict : undefined
}

/** Where the version or the deployment can be looked at as it is now. */
export function PlacePreview({ hash, kind }: { hash: string; kind: 'model-version' | 'deployment' }) {
  const { t } = useTranslation()
  const words = useWords(ledgerWords)
  const json = useArtifactJson(hash, kind === 'deployment' ? 'deployment.json' : 'version.json')
  return (
    <Loaded query={json}>
      {(value) => {
        const version = versionSchema.safeParse(value).data
        const deployment = deploymentSchema.safeParse(value).data
        if (version === undefined) return null
        return (
          <Facts>
            <Fact label={t('artifact.model-version')}>
              <Link href={`/models/${encodeURIComponent(version.model)}/${version.version}`}>
                {t('step.versionOf', { model: version.model, version: version.version })}
              </Link>
            </Fact>
            {version.reason !== undefined && (
              <Fact label={t('common.reason')}>
                {words.reason({ reason: version.reason, gate: judgementOf(version) })}
              </Fact>
            )}
            {deployment !== undefined && (
              <Fact label={t('artifact.deployment')}>
                <Link href={`/endpoints/${encodeURIComponent(deployment.endpoint)}`}>
                  {t('step.revisionOf', { endpoint: deployment.endpoint, revision: deployment.revision })}
                </Link>
              </Fact>
            )}
          </Facts>
        )
      }}
    </Loaded>
  )
}
