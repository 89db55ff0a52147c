import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { GateCheck, ModelVersion, Signature, SignatureInput, Verdict } from '#shared/models.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { MetricTiles } from '../../components/metric-list.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { AliasPills } from '../../components/pill.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { useModelVersions } from '../../lib/queries.ts'
import styles from './models.module.css'
import { verdictStatus } from './versions-table.tsx'

/** One version: what it scores, what the gate said about it, what it takes, and where it comes from. */
export default function VersionPage({ name, version }: { name: string; version: number }) {
  const { t } = useTranslation()
  const versions = useModelVersions(name)
  const found = versions.data?.items.find((each) => each.version === version)
  return (
    <Page
      title={t('models.versionName', { version })}
      mark={found && <AliasPills aliases={found.aliases} />}
      crumbs={[
        { label: t('models.title'), href: '/models' },
        { label: name, href: `/models/${encodeURIComponent(name)}` },
      ]}
    >
      <Loaded query={versions}>
        {() => (found === undefined ? t('app.notFoundTitle') : <VersionView version={found} />)}
      </Loaded>
    </Page>
  )
}

function VersionView({ version }: { version: ModelVersion }) {
  const { t } = useTranslation()
  const { signature, verdict } = version
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <Panel title={t('common.metrics')}>
          <MetricTiles metrics={version.metrics} />
        </Panel>
        <Panel title={t('models.verdict')} actions={<StatusMark status={verdictStatus(version)} />} flush>
          {verdict !== undefined && <VerdictView verdict={verdict} />}
        </Panel>
      </div>
      <div className={styles.stack}>
        <Panel title={t('run.about')}>
          <Facts>
            <Fact label={t('models.task')}>{t(`models.task_${signature.task}`)}</Fact>
            <Fact label={t('models.target')}>{signature.target}</Fact>
            <Fact label={t('common.created')}>
              <Moment at={version.createdAt} />
            </Fact>
            <Fact label={t('common.run')}>
              <Link href={`/runs/${version.runId}?step=${encodeURIComponent(version.step)}`} className="mono">
                {version.runId}
              </Link>
            </Fact>
            <Fact label={t('models.package')}>
              <code className="mono" title={version.artifactHash}>
                {version.artifactHash.slice(0, 16)}
              </code>
            </Fact>
          </Facts>
        </Panel>
        <Panel title={t('models.signature')} flush>
          <SignatureTable signature={signature} />
        </Panel>
      </div>
    </div>
  )
}

function VerdictView({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation()
  const format = useFormat()
  const columns: Column<GateCheck>[] = [
    { key: 'check', label: t('models.check'), wraps: true, cell: ({ check }) => check },
    {
      key: 'value',
      label: t('run.value'),
      numeric: true,
      cell: ({ value }) => (value === null ? '–' : format.metric(value)),
    },
    {
      key: 'limit',
      label: t('models.limit'),
      numeric: true,
      cell: ({ limit }) => (limit === null ? '–' : format.metric(limit)),
    },
    {
      key: 'passed',
      label: t('common.status'),
      cell: ({ passed }) => <PassedMark passed={passed} />,
    },
    { key: 'reason', label: t('common.reason'), wraps: true, cell: ({ reason }) => reason },
  ]
  return (
    <>
      <p style={{ margin: 0, padding: '12px 14px' }}>
        {verdict.reason} {verdict.against !== undefined && t('models.against', verdict.against)}
      </p>
      <Table label={t('models.checks')} columns={columns} rows={verdict.checks} rowKey={({ check }) => check} />
    </>
  )
}

function PassedMark({ passed }: { passed: boolean }) {
  const { t } = useTranslation()
  return <StatusMark status={passed ? 'blessed' : 'rejected'} text={t(passed ? 'models.passed' : 'models.notPassed')} />
}

function SignatureTable({ signature }: { signature: Signature }) {
  const { t } = useTranslation()
  const columns: Column<SignatureInput>[] = [
    { key: 'name', label: t('common.name'), cell: ({ name }) => name },
    { key: 'type', label: t('models.type'), cell: ({ type }) => <code className="mono">{type}</code> },
    {
      key: 'required',
      label: t('models.required'),
      cell: ({ required }) => t(required ? 'models.required' : 'models.optional'),
    },
  ]
  return <Table label={t('models.inputs')} columns={columns} rows={signature.inputs} rowKey={({ name }) => name} />
}
