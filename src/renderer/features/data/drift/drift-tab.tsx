import { useTranslation } from 'react-i18next'
import type { DatasetInfo } from '#shared/data.ts'
import type { DriftHistory } from '#shared/drift.ts'
import { DriftReportView } from '../../../components/drift/drift-report.tsx'
import { Empty } from '../../../components/empty.tsx'
import { DataIcon } from '../../../components/icons.tsx'
import { LongRead } from '../../../components/previews/long-read.tsx'
import { useModels } from '../../../lib/queries.ts'
import styles from '../data.module.css'
import { type DriftQuestion, driftHistoryKey, driftKey, useDrift, useDriftHistory } from '../queries.ts'
import { type DriftAddress, offeredModels, useDriftAddress } from './address.ts'
import { DriftChoices } from './drift-choices.tsx'
import ownStyles from './drift-tab.module.css'
import { HistoryView } from './history-view.tsx'

interface DriftTabProps {
  projectId: string
  info: DatasetInfo
}

/** How the dataset moved over time, and one stretch of it in full. What is looked at stands in the address. */
export function DriftTab({ projectId, info }: DriftTabProps) {
  return info.spec.time === undefined ? (
    <WithoutTime projectId={projectId} info={info} />
  ) : (
    <OverTime projectId={projectId} info={info} />
  )
}

function OverTime({ projectId, info }: DriftTabProps) {
  const { t } = useTranslation()
  const address = useDriftAddress()
  const { against, by } = address
  const history = useDriftHistory(projectId, info.name, { against, by })
  return (
    <LongRead
      query={history}
      queryKey={driftHistoryKey(projectId, info.name, { against, by })}
      what={t('drift.sketching')}
    >
      {(data) => <History projectId={projectId} info={info} history={data} address={address} />}
    </LongRead>
  )
}

type HistoryProps = DriftTabProps & { history: DriftHistory; address: DriftAddress }

function History({ projectId, info, history, address }: HistoryProps) {
  const last = history.spans.at(-1)
  const from = address.from ?? last?.from
  const to = address.to ?? last?.to
  return (
    <div className={ownStyles.stack}>
      <DriftChoices projectId={projectId} history={history} address={address} from={from} to={to} />
      <HistoryView history={history} selected={from} onSelect={address.choose} />
      <Report projectId={projectId} dataset={info.name} question={{ from, to, against: history.against }} />
    </div>
  )
}

/** Rows of no known time can only be held against what a model learned from. */
function WithoutTime({ projectId, info }: DriftTabProps) {
  const { t } = useTranslation()
  const address = useDriftAddress()
  const models = useModels()
  const against = address.against ?? offeredModels(models.data ?? [], projectId)[0]
  return (
    <div className={ownStyles.stack}>
      <Empty icon={<DataIcon size={32} />} title={t('drift.noTimeTitle')} text={t('drift.noTimeText')}>
        <pre className={styles.example}>{`datasets:\n  ${info.name}: { path: ${info.spec.path}, time: date }\n`}</pre>
      </Empty>
      {against !== undefined && (
        <>
          <DriftChoices projectId={projectId} address={address} against={against} />
          <Report projectId={projectId} dataset={info.name} question={{ against }} />
        </>
      )}
    </div>
  )
}

function Report({ projectId, dataset, question }: { projectId: string; dataset: string; question: DriftQuestion }) {
  const { t } = useTranslation()
  const drift = useDrift(projectId, dataset, question)
  const { from, to } = question
  return (
    <LongRead query={drift} queryKey={driftKey(projectId, dataset, question)} what={t('drift.comparing')}>
      {({ report }) => (
        <section className={ownStyles.stack} aria-labelledby="drift-report">
          <h3 className={ownStyles.title} id="drift-report">
            {from === undefined || to === undefined ? t('drift.allRows') : t('drift.chosen', { from, to })}
          </h3>
          <DriftReportView report={report} />
        </section>
      )}
    </LongRead>
  )
}
