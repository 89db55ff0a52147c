import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { durationText } from '#shared/durations.ts'
import type { FeatureUse, FeatureViewDetails } from '#shared/features.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { Fact, Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { AliasPills } from '../../components/pill.tsx'
import { FileProblems } from '../../components/problem-alert.tsx'
import { FeatureDataPanels } from './feature-data.tsx'
import { FeatureVersions } from './feature-versions.tsx'
import styles from './features.module.css'
import { OnlinePanel } from './online-panel.tsx'
import { useFeatureData, useFeatureView } from './queries.ts'

/** One feature view: what it means, who uses it, what it holds now, and the definitions that it had. */
export default function FeatureViewPage({ projectId, name }: { projectId: string; name: string }) {
  const { t } = useTranslation()
  const details = useFeatureView(projectId, name)
  const data = useFeatureData(projectId, name)
  return (
    <Page
      title={name}
      crumbs={[{ label: t('features.title'), href: '/features' }]}
      actions={
        <Button
          variant="default"
          loading={data.isFetching}
          onClick={() => {
            details.refetch()
            data.refetch()
          }}
        >
          {t('features.checkAgain')}
        </Button>
      }
    >
      <Loaded query={details}>{(view) => <ViewPanels details={view} />}</Loaded>
    </Page>
  )
}

function ViewPanels({ details }: { details: FeatureViewDetails }) {
  const { t } = useTranslation()
  const { view, problems, text, use, versions, projectId, name } = details
  return (
    <div className={styles.stack}>
      {problems.length > 0 && (
        <Panel title={t('features.filesWithProblems')}>
          <FileProblems problems={problems} />
        </Panel>
      )}
      <div className={styles.columns}>
        <div className={styles.stack}>
          <Panel title={t('features.about')}>
            <About details={details} />
          </Panel>
          <Panel title={t('features.usedBy')}>
            <Users projectId={projectId} use={use} version={view?.version} />
          </Panel>
        </div>
        <Panel title={t('features.definition')}>
          <CodeBlock label={t('features.definition')} code={text.trimEnd()} />
        </Panel>
      </div>
      {view !== null && <FeatureDataPanels projectId={projectId} name={name} />}
      <OnlinePanel projectId={projectId} view={name} version={view?.version} />
      {versions.length > 0 && (
        <Panel title={t('features.versions')} flush>
          <FeatureVersions view={details} versions={versions} />
        </Panel>
      )}
    </div>
  )
}

function About({ details: { view, file, project } }: { details: FeatureViewDetails }) {
  const { t } = useTranslation()
  const mono = (text: string) => <code className="mono">{text}</code>
  return (
    <Facts>
      <Fact label={t('common.project')}>{project}</Fact>
      <Fact label={t('features.file')}>{mono(file)}</Fact>
      {view !== null && (
        <>
          <Fact label={t('features.description')}>{view.description || t('features.none')}</Fact>
          <Fact label={t('features.owner')}>{view.owner || t('features.none')}</Fact>
          <Fact label={t('features.entity')}>{mono(view.entity.join(', '))}</Fact>
          <Fact label={t('features.eventTime')}>{mono(view.eventTime)}</Fact>
          <Fact label={t('features.knownAt')}>
            {view.knownAt === null ? t('features.knownAtOnce') : mono(view.knownAt)}
          </Fact>
          <Fact label={t('features.ttl')}>
            {view.ttlMs === null ? t('features.ttlNone') : durationText(view.ttlMs)}
          </Fact>
          <Fact label={t('common.version')}>{mono(view.version)}</Fact>
        </>
      )}
    </Facts>
  )
}

function Users({ projectId, use, version }: { projectId: string; use: FeatureUse; version: string | undefined }) {
  const { t } = useTranslation()
  if (use.pipelines.length === 0 && use.versions.length === 0) {
    return <span className="muted">{t('features.nobody')}</span>
  }
  return (
    <ul className={styles.users}>
      {use.pipelines.map(({ pipeline, step }) => (
        <li key={`${pipeline} ${step}`}>
          <Link href={`/pipelines/${projectId}/${encodeURIComponent(pipeline)}?step=${encodeURIComponent(step)}`}>
            {t('features.pipelineStep', { pipeline, step })}
          </Link>
        </li>
      ))}
      {use.versions.map((one) => (
        <li key={`${one.model} ${one.version}`}>
          <Link href={`/models/${encodeURIComponent(one.model)}/${one.version}`}>
            {one.model} {one.version}
          </Link>{' '}
          <AliasPills aliases={one.aliases} />{' '}
          {one.viewVersion !== version && (
            <span className="muted">{t('features.older', { version: one.viewVersion })}</span>
          )}
        </li>
      ))}
    </ul>
  )
}
