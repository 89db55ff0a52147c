import { Button, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { DatasetInfo } from '#shared/data.ts'
import { Empty } from '../../components/empty.tsx'
import { DataIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { useDataFormat } from '../../components/previews/data-format.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { quoted } from '../../components/sql/sql-text.ts'
import { Moment } from '../../components/time.tsx'
import { useProjects } from '../../lib/queries.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { LineageLink } from '../lineage/lineage-link.tsx'
import styles from './data.module.css'
import { DriftTab } from './drift/drift-tab.tsx'
import { sqlPath } from './paths.ts'
import { useDatasets, useFreshData } from './queries.ts'
import { RowsTab } from './rows-tab.tsx'
import { SchemaTab } from './schema/schema-tab.tsx'
import { StatisticsTab } from './statistics-tab.tsx'
import { DatasetValidation } from './validation/dataset-validation.tsx'

interface DatasetPageProps {
  projectId: string
  dataset: string
}

/** One dataset: its rows, what they look like, what they must look like, and whether they do. */
export default function DatasetPage({ projectId, dataset }: DatasetPageProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const datasets = useDatasets(projectId)
  const projects = useProjects()
  const project = projects.data?.find(({ id }) => id === projectId)
  const sql = `select * from ${quoted(dataset)}`
  return (
    <Page
      fill
      title={dataset}
      crumbs={[
        { label: t('data.title'), href: '/data' },
        ...(project === undefined ? [] : [{ label: project.name, href: sqlPath(projectId) }]),
      ]}
      actions={
        <>
          <LineageLink of={`dataset:${projectId}/${dataset}`} />
          <Button variant="default" onClick={() => navigate(`${sqlPath(projectId)}?sql=${encodeURIComponent(sql)}`)}>
            {t('data.openSql')}
          </Button>
        </>
      }
    >
      <Loaded query={datasets}>
        {(list) => {
          const info = list.find(({ name }) => name === dataset)
          return info === undefined ? <NotDeclared dataset={dataset} /> : <Tabbed projectId={projectId} info={info} />
        }}
      </Loaded>
    </Page>
  )
}

function NotDeclared({ dataset }: { dataset: string }) {
  const { t } = useTranslation()
  return (
    <Empty icon={<DataIcon size={32} />} title={t('data.unknownTitle')} text={t('data.unknownText', { dataset })} />
  )
}

const tabs = ['rows', 'statistics', 'schema', 'validation', 'drift'] as const

function Tabbed({ projectId, info }: { projectId: string; info: DatasetInfo }) {
  const { t } = useTranslation()
  const [tab, setTab] = useSearchParam('tab')
  const shown = tabs.find((each) => each === tab) ?? 'rows'
  useFreshData(projectId, info)
  return (
    <>
      <About info={info} />
      {info.problem !== null && <ProblemAlert problem={info.problem} />}
      <Tabs
        className={styles.tabs}
        value={shown}
        onChange={(value) => setTab(value === 'rows' || value === null ? undefined : value)}
        keepMounted={false}
      >
        <Tabs.List>
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`data.tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="rows" className={styles.tab}>
          <RowsTab projectId={projectId} dataset={info.name} />
        </Tabs.Panel>
        <Tabs.Panel value="statistics" className={styles.tab}>
          <StatisticsTab projectId={projectId} dataset={info.name} />
        </Tabs.Panel>
        <Tabs.Panel value="schema" className={styles.tab}>
          <SchemaTab projectId={projectId} info={info} />
        </Tabs.Panel>
        <Tabs.Panel value="validation" className={`${styles.tab} ${styles.scrolls}`}>
          <DatasetValidation projectId={projectId} info={info} />
        </Tabs.Panel>
        <Tabs.Panel value="drift" className={`${styles.tab} ${styles.scrolls}`}>
          <DriftTab projectId={projectId} info={info} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function About({ info }: { info: DatasetInfo }) {
  const { t } = useTranslation()
  const format = useDataFormat()
  return (
    <p className={styles.about}>
      <code className="mono">{info.spec.path}</code>
      {info.format !== null && <span>{info.format}</span>}
      <span>{t('data.fileCount', { count: info.fileCount })}</span>
      <span>{format.bytes(info.bytes)}</span>
      {info.modifiedAt !== null && (
        <span>
          {t('data.changed')} <Moment at={info.modifiedAt} />
        </span>
      )}
      {info.spec.description !== undefined && <span className="muted">{info.spec.description}</span>}
    </p>
  )
}
