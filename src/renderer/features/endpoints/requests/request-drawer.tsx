import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RequestDetails } from '#shared/requests.ts'
import { Fact, Facts } from '../../../components/facts.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { Pill } from '../../../components/pill.tsx'
import { Table } from '../../../components/table.tsx'
import { useFormat } from '../../../lib/format.ts'
import { versionQuery } from '../../models/queries.ts'
import { ExplanationView } from '../explanation-view.tsx'
import { FilledFeatures } from '../filled-features.tsx'
import type { Row } from '../form.ts'
import { latencyText } from '../latency-text.ts'
import { LabelForm } from './label-form.tsx'
import { useRequest } from './queries.ts'
import styles from './requests.module.css'

interface RequestDrawerProps {
  endpoint: string
  id: string
  row: number
  onClose: () => void
}

/** One row of a request with all that is known of it, and the way back to model, run, data and commit. */
export function RequestDrawer({ endpoint, id, row, onClose }: RequestDrawerProps) {
  const { t } = useTranslation()
  const request = useRequest(endpoint, id, row)
  return (
    <Drawer
      opened
      position="right"
      size="min(560px, 94vw)"
      title={t('requests.requestTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      onClose={onClose}
    >
      <Loaded query={request}>{(data) => <Details key={`${id} ${row}`} request={data} />}</Loaded>
    </Drawer>
  )
}

function Details({ request }: { request: RequestDetails }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { id, row, at, latencyMs, role, arm, key, error, prediction, probability, labels } = request
  const answer = typeof prediction === 'number' ? format.metric(prediction) : prediction
  return (
    <div className={styles.details}>
      <Facts>
        <Fact label={t('requests.request')}>
          <code className={styles.id}>{id}</code> {row > 0 && t('requests.rowNumber', { row })}
        </Fact>
        <Fact label={t('requests.at')}>{format.dateTime(at)}</Fact>
        <Fact label={t('requests.latency')}>{latencyText(latencyMs, format.short)}</Fact>
        <Fact label={t('requests.answer')}>
          {error !== null ? <span className={styles.error}>{error}</span> : answer}{' '}
          {probability !== null && <span className="muted">{format.share(probability)}</span>}{' '}
          {role === 'shadow' && <Pill>{t('requests.shadow')}</Pill>}
        </Fact>
        {arm !== null && <Fact label={t('requests.arm')}>{key === null ? arm : `${arm} (${key})`}</Fact>}
        <Origin request={request} />
      </Facts>
      <Inputs request={request} />
      <FilledFeatures reads={request.features} />
      {error === null && <ExplanationView endpoint={request.endpoint} row={rowOf(request)} />}
      {error === null && <p className={styles.note}>{t('requests.explainedBy')}</p>}
      <h3 className={styles.heading}>{t('requests.label')}</h3>
      {labels.length === 0 ? (
        <p className={styles.note}>{t('requests.noLabel')}</p>
      ) : (
        <Table
          label={t('requests.labels')}
          columns={[
            { key: 'label', label: t('requests.label'), cell: ({ label }) => label },
            { key: 'at', label: t('requests.received'), cell: ({ receivedAt }) => format.dateTime(receivedAt) },
          ]}
          rows={labels}
          rowKey={({ label, receivedAt }) => `${receivedAt} ${label}`}
        />
      )}
      {error === null && <LabelForm request={request} />}
    </div>
  )
}

/** As it can be asked again: what was missing is left out. */
function rowOf({ inputs }: RequestDetails): Row {
  const known = Object.entries(inputs).flatMap(([name, value]) =>
    typeof value === 'object' ? [] : [[name, value] as const],
  )
  return Object.fromEntries(known)
}

/** Where the answer comes from: version, run, data, commit. */
function Origin({ request: { model, version, revision } }: { request: RequestDetails }) {
  const { t } = useTranslation()
  const details = useQuery({ ...versionQuery(model ?? '', version ?? 0), enabled: model !== null && version !== null })
  if (model === null || version === null) return null
  const lineage = details.data?.lineage
  return (
    <>
      <Fact label={t('requests.model')}>
        <Link href={`/models/${encodeURIComponent(model)}/${version}`}>{`${model} ${version}`}</Link>{' '}
        <span className="muted">{t('requests.asRevision', { revision })}</span>
      </Fact>
      {lineage !== undefined && (
        <>
          <Fact label={t('requests.run')}>
            <Link href={`/runs/${lineage.run.id}`}>{lineage.run.pipeline}</Link>
          </Fact>
          {lineage.datasets.length > 0 && (
            <Fact label={t('requests.data')}>{lineage.datasets.map(({ dataset }) => dataset).join(', ')}</Fact>
          )}
          {lineage.run.gitCommit !== null && (
            <Fact label={t('requests.commit')}>
              <code className={styles.id}>{lineage.run.gitCommit.slice(0, 12)}</code>
            </Fact>
          )}
        </>
      )}
    </>
  )
}

function Inputs({ request: { inputs } }: { request: RequestDetails }) {
  const { t } = useTranslation()
  const rows = Object.entries(inputs)
  if (rows.length === 0) return <p className={styles.note}>{t('requests.noInputs')}</p>
  return (
    <Table
      label={t('requests.inputs')}
      columns={[
        { key: 'input', label: t('requests.input'), cell: ([name]) => name },
        {
          key: 'value',
          label: t('requests.value'),
          wraps: true,
          cell: ([, value]) => (value === null ? '–' : String(value)),
        },
      ]}
      rows={rows}
      rowKey={([name]) => name}
    />
  )
}
