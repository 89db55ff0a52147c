import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { ModelVersionDetails } from '#shared/models.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { AliasPills } from '../../components/pill.tsx'
import { StatusMark } from '../../components/status.tsx'
import { LineageLink } from '../lineage/lineage-link.tsx'
import { ApprovalPanel } from './approval-panel.tsx'
import { CardPanel } from './card-panel.tsx'
import { EvaluationView } from './evaluation-view.tsx'
import { LineageView } from './lineage-view.tsx'
import { MetricsTable } from './metrics-table.tsx'
import styles from './models.module.css'
import { usePredictFile } from './predict-file.tsx'
import { useVersionDetails } from './queries.ts'
import { SignatureTable } from './signature-table.tsx'
import { VerdictView } from './verdict-view.tsx'
import { PackageFacts, VersionFacts } from './version-facts.tsx'
import { verdictStatus } from './versions-table.tsx'

/** One version: what it scores, what the gate said about it, what it takes, and where it comes from. */
export default function VersionPage({ name, version }: { name: string; version: number }) {
  const { t } = useTranslation()
  const details = useVersionDetails(name, version)
  const predictFile = usePredictFile(name, version)
  return (
    <Page
      title={t('models.versionName', { version })}
      mark={details.data && <AliasPills aliases={details.data.aliases} />}
      crumbs={[
        { label: t('models.title'), href: '/models' },
        { label: name, href: `/models/${encodeURIComponent(name)}` },
      ]}
      actions={
        details.data && (
          <>
            <LineageLink of={`version:${name}/${version}`} />
            <CompareButton version={details.data} />
            {predictFile.button}
          </>
        )
      }
    >
      {predictFile.alert}
      <Loaded query={details}>{(data) => <VersionView version={data} />}</Loaded>
    </Page>
  )
}

/** Beside the version that the gate compared it with, else the one before. */
function CompareButton({ version: { model, version, verdict } }: { version: ModelVersionDetails }) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const against = verdict?.against
  const other = against?.model === model && against.version !== version ? against.version : version - 1
  if (other < 1) return null
  return (
    <Button
      variant="default"
      onClick={() => navigate(`/models/${encodeURIComponent(model)}/compare?versions=${other},${version}`)}
    >
      {t('models.compareWith', { version: other })}
    </Button>
  )
}

function VersionView({ version }: { version: ModelVersionDetails }) {
  const { t } = useTranslation()
  const { verdict, manifest, evaluation } = version
  return (
    <div className={styles.stack}>
      <ApprovalPanel version={version} />
      <div className={styles.columns}>
        <div className={styles.stack}>
          <Panel title={t('common.metrics')} flush>
            <MetricsTable version={version} />
          </Panel>
          <Panel title={t('run.about')}>
            <VersionFacts version={version} />
          </Panel>
        </div>
        <div className={styles.stack}>
          <Panel title={t('models.signature')} flush>
            <SignatureTable signature={manifest.signature} />
          </Panel>
        </div>
      </div>
      <Panel title={t('models.verdict')} actions={<StatusMark status={verdictStatus(version)} />} flush>
        <VerdictView verdict={verdict} />
      </Panel>
      {evaluation === null ? (
        <Panel title={t('models.evaluation')}>{t('models.noEvaluation')}</Panel>
      ) : (
        <EvaluationView evaluation={evaluation.content} />
      )}
      <Panel title={t('models.lineage')}>
        <LineageView version={version} />
      </Panel>
      <div className={styles.columns}>
        <CardPanel name={version.model} version={version.version} />
        <Panel title={t('models.package')}>
          <PackageFacts version={version} />
        </Panel>
      </div>
    </div>
  )
}
