import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Lineage, LineageDataset, LineageStep, ModelVersionDetails } from '#shared/models.ts'
import { Pill } from '../../components/pill.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import styles from './models.module.css'
import { ServesAt } from './models-table.tsx'

const shownHash = 12

/** The way from commit and data through every step to this version and where it serves. */
export function LineageView({ version }: { version: ModelVersionDetails }) {
  const { t } = useTranslation()
  const { lineage, model } = version
  return (
    <ol className={styles.chain}>
      <Stage name={t('models.commit')}>
        <Commit run={lineage.run} />
      </Stage>
      {lineage.datasets.map((dataset) => (
        <Stage key={dataset.step} name={t('models.dataset')}>
          <Dataset dataset={dataset} projectId={lineage.run.projectId} />
        </Stage>
      ))}
      {lineage.steps.map((step) => (
        <Stage key={step.name} name={step.name} note={step.component}>
          <Step step={step} runId={lineage.run.id} />
        </Stage>
      ))}
      <Stage name={t('models.versionName', { version: version.version })} note={model}>
        <span>{version.aliases.join(', ') || t('models.noAliases')}</span>
      </Stage>
      <Stage name={t('models.servesAt')}>
        <ServesAt model={model} version={version.version} />
      </Stage>
    </ol>
  )
}

function Stage({ name, note, children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <li className={styles.link}>
      <span className={styles.linkName}>
        <b>{name}</b>
        {note !== undefined && <span className="muted mono">{note}</span>}
      </span>
      <span className={styles.linkBody}>{children}</span>
    </li>
  )
}

function Commit({ run }: { run: Lineage['run'] }) {
  const { t } = useTranslation()
  const pipelineHref = `/pipelines/${run.projectId}/${encodeURIComponent(run.pipeline)}`
  return (
    <>
      {run.gitCommit === null ? (
        <span className="muted">{t('models.noCommit')}</span>
      ) : (
        <span>
          <code className="mono">{run.gitCommit.slice(0, shownHash)}</code>{' '}
          {run.gitDirty === true && <Pill>{t('models.dirty')}</Pill>}
        </span>
      )}
      <span>
        {t('models.pipeline')} <Link href={pipelineHref}>{run.pipeline}</Link>{' '}
        <code className="mono muted">{run.pipelineVersion.slice(0, shownHash)}</code>
      </span>
      <span>
        {t('common.run')}{' '}
        <Link href={`/runs/${run.id}`} className="mono">
          {run.id.slice(-6)}
        </Link>
        , <Moment at={run.createdAt} />
      </span>
    </>
  )
}

function Dataset({ dataset: { dataset, where, rows }, projectId }: { dataset: LineageDataset; projectId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <Link href={`/data/${projectId}/${encodeURIComponent(dataset)}`}>{dataset}</Link>
      <code className="mono">{where ?? t('models.allRows')}</code>
      {rows !== null && <span>{t('models.rowCount', { rows: format.integer(rows) })}</span>}
    </>
  )
}

function Step({ step: { name, cached, options, outputs }, runId }: { step: LineageStep; runId: string }) {
  const { t } = useTranslation()
  return (
    <>
      <Link href={`/runs/${runId}?step=${encodeURIComponent(name)}`}>{t('models.toStep')}</Link>
      {cached && <span className="muted">{t('run.cached')}</span>}
      {Object.entries(outputs).map(([output, hash]) => (
        <span key={output}>
          {output} <code className="mono muted">{hash.slice(0, shownHash)}</code>
        </span>
      ))}
      {Object.keys(options).length > 0 && (
        <details className={styles.options}>
          <summary>{t('models.options')}</summary>
          <code className="mono" style={{ whiteSpace: 'pre-wrap' }}>
            {JSON.stringify(options, undefined, 2)}
          </code>
        </details>
      )}
    </>
  )
}
