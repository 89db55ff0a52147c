import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetInfo } from '#shared/data.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { Scratchpad } from '../../components/sql/scratchpad.tsx'
import type { SqlSubject } from '../../components/sql/sql-subject.ts'
import { quoted } from '../../components/sql/sql-text.ts'
import { call } from '../../lib/api.ts'
import { useProjects } from '../../lib/queries.ts'
import { useColumnsOf, useDatasets } from './queries.ts'

/** A scratchpad over the datasets of a project, each a table. */
export default function SqlPage({ projectId }: { projectId: string }) {
  const { t } = useTranslation()
  const projects = useProjects()
  const datasets = useDatasets(projectId)
  const name = projects.data?.find(({ id }) => id === projectId)?.name ?? projectId
  return (
    <Page fill title={t('sql.title', { project: name })} crumbs={[{ label: t('data.title'), href: '/data' }]}>
      <Loaded query={datasets}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote>{t('data.noneInProject')}</EmptyNote>
          ) : (
            <DatasetScratchpad key={projectId} projectId={projectId} datasets={list} />
          )
        }
      </Loaded>
    </Page>
  )
}

function DatasetScratchpad({ projectId, datasets }: { projectId: string; datasets: readonly DatasetInfo[] }) {
  const tables = useTables(projectId, datasets)
  const subject = useMemo<SqlSubject>(
    () => ({
      about: projectId,
      ask: (body, signal) => call('runSql', { params: { id: projectId }, body }, { signal }),
    }),
    [projectId],
  )
  return (
    <Scratchpad subject={subject} tables={tables} firstQuery={`select * from ${quoted(datasets[0]?.name ?? '')}`} />
  )
}

/** Of larger texts, the columns are not read before somebody asks for rows: the whole file would have to be. */
const largestTextBytes = 100_000_000

/** The datasets that can be asked, with the columns of those that tell them quickly. */
function useTables(projectId: string, datasets: readonly DatasetInfo[]) {
  const readable = datasets.filter(({ problem }) => problem === null)
  const quick = readable.filter(({ format, bytes }) => format === 'parquet' || bytes <= largestTextBytes)
  const known = useColumnsOf(
    projectId,
    quick.map(({ name }) => name),
  )
  return readable.map(({ name }) => known.find((each) => each.name === name) ?? { name, columns: [] })
}
