import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { AlertIcon, CheckIcon } from '../../components/icons.tsx'
import { Moment } from '../../components/time.tsx'
import { gateWords } from '../../lib/words/gate.ts'
import { ledgerWords } from '../../lib/words/ledger.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { sentenceWords } from '../../lib/words/sentences.ts'
import { useWords } from '../../lib/words/speech.ts'
import { alertPath } from '../alerts/queries.ts'
import type { Attention } from './attention.ts'
import styles from './overview.module.css'

/** What needs a person, each line with the way there; a calm line where nothing does. */
export function AttentionPanel({ items }: { items: readonly Attention[] }) {
  const { t } = useTranslation()
  if (items.length === 0) {
    return (
      <p className={styles.calm}>
        <CheckIcon size={15} /> {t('overview.nothingNeeded')}
      </p>
    )
  }
  return (
    <section className={styles.attention} aria-labelledby="attention">
      <h2 id="attention" className={styles.attentionTitle}>
        <AlertIcon size={16} /> {t('overview.attention')}
      </h2>
      <ul className={styles.attentionList}>
        {items.map((item) => (
          <li key={keyOf(item)} className={styles.attentionItem}>
            <AttentionLine item={item} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function keyOf(item: Attention): string {
  switch (item.kind) {
    case 'endpoint-down':
      return `endpoint ${item.endpoint.name}`
    case 'alert-open':
      return `alert ${item.alert.id}`
    case 'approval-pending':
      return `approval ${item.approval.id}`
    case 'run-failed':
      return `run ${item.run.id}`
    case 'version-rejected':
      return `version ${item.version.model} ${item.version.version}`
    case 'pipeline-invalid':
      return `pipeline ${item.pipeline.projectId} ${item.pipeline.name}`
    case 'project-gone':
      return `project ${item.project.id}`
  }
}

function AttentionLine({ item }: { item: Attention }) {
  const { t } = useTranslation()
  const readings = useWords(readingWords)
  const gate = useWords(gateWords)
  const ledger = useWords(ledgerWords)
  const sentences = useWords(sentenceWords)
  switch (item.kind) {
    case 'endpoint-down': {
      const { name, message = '' } = item.endpoint
      return (
        <Line
          href={`/endpoints/${encodeURIComponent(name)}`}
          title={t('overview.endpointDown', { name })}
          text={message}
        />
      )
    }
    case 'alert-open': {
      const { monitor, check, reading, raisedAt, deliveries } = item.alert
      const undelivered = deliveries.failed === 0 ? '' : ` ${t('alerts.notDelivered', { count: deliveries.failed })}.`
      return (
        <Line
          href={alertPath(item.alert)}
          title={t('alerts.attention', { monitor, check })}
          text={readings.reason(reading) + undelivered}
          at={raisedAt}
        />
      )
    }
    case 'approval-pending': {
      const { model, version, createdAt } = item.approval
      return (
        <Line
          href={`/models/${encodeURIComponent(model)}/${version}`}
          title={t('gate.waiting', { model, version })}
          text={ledger.reason(item.approval)}
          at={createdAt}
        />
      )
    }
    case 'run-failed': {
      const { id, pipeline, error, finishedAt } = item.run
      return (
        <Line
          href={`/runs/${id}`}
          title={t('overview.runFailed', { pipeline })}
          text={error?.detail ?? ''}
          at={finishedAt}
        />
      )
    }
    case 'version-rejected': {
      const { model, version, verdict, createdAt } = item.version
      return (
        <Line
          href={`/models/${encodeURIComponent(model)}/${version}`}
          title={t('overview.versionRejected', { model, version })}
          text={verdict === undefined ? '' : gate.verdict(verdict)}
          at={createdAt}
        />
      )
    }
    case 'pipeline-invalid': {
      const { projectId, name, problems } = item.pipeline
      return (
        <Line
          href={`/pipelines/${projectId}/${encodeURIComponent(name)}`}
          title={t('overview.pipelineInvalid', { name })}
          text={sentences.text(problems[0]?.message ?? '')}
        />
      )
    }
    case 'project-gone':
      return (
        <Line
          href="/settings"
          title={t('overview.projectGone', { name: item.project.name })}
          text={item.project.path}
        />
      )
  }
}

interface LineProps {
  href: string
  title: string
  text: string
  at?: number | null
}

function Line({ href, title, text, at = null }: LineProps) {
  return (
    <>
      <Link href={href} className={styles.attentionLink}>
        {title}
      </Link>
      <span className={styles.attentionText}>{text}</span>
      {at !== null && (
        <span className="muted">
          <Moment at={at} />
        </span>
      )}
    </>
  )
}
