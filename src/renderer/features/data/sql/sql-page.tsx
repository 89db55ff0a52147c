import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetInfo } from '#shared/data.ts'
import type { FileProblem } from '#shared/errors.ts'
import { CodeEditor } from '../../../components/code-editor.tsx'
import { EmptyNote } from '../../../components/empty.tsx'
import { PlayIcon } from '../../../components/icons.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { Page } from '../../../components/page.tsx'
import { useProjects } from '../../../lib/queries.ts'
import { useSearchParam } from '../../../lib/use-search-param.ts'
import { useColumnsOf, useDatasets } from '../queries.ts'
import styles from './sql.module.css'
import { SqlResult } from './sql-result.tsx'
import { SqlSide } from './sql-side.tsx'
import { readStore, withQuery, writeStore } from './sql-store.ts'
import { quoted } from './sql-text.ts'

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
            <Scratchpad key={projectId} projectId={projectId} datasets={list} />
          )
        }
      </Loaded>
    </Page>
  )
}

/** Longer queries do not fit into an address. */
const longestShared = 1_500

interface Asked {
  readonly sql: string
  /** The same query, run again, is another. */
  readonly count: number
}

function Scratchpad({ projectId, datasets }: { projectId: string; datasets: readonly DatasetInfo[] }) {
  const { t } = useTranslation()
  const [shared, setShared] = useSearchParam('sql')
  const [store, setStore] = useState(() => readStore(projectId))
  const tables = useTables(projectId, datasets)
  const [text, setText] = useState(() => shared ?? (store.text || `select * from ${quoted(datasets[0]?.name ?? '')}`))
  const [asked, setAsked] = useState<Asked>()
  const [problem, setProblem] = useState<FileProblem>()
  const completion = useMemo(
    () => Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)])),
    [tables],
  )

  function run(sql: string) {
    if (sql.trim() === '') return
    const next = withQuery(store, sql)
    setStore(next)
    writeStore(projectId, next)
    setText(sql)
    setProblem(undefined)
    setShared(sql.length <= longestShared ? sql : undefined)
    setAsked((before) => ({ sql, count: (before?.count ?? 0) + 1 }))
  }
  function type(sql: string) {
    setText(sql)
    setProblem(undefined)
    writeStore(projectId, { ...store, text: sql })
  }
  return (
    <div className={styles.page}>
      <SqlSide tables={tables} history={store.history} onText={type} onRun={run} />
      <div className={styles.main}>
        <div className={styles.editor}>
          <CodeEditor
            label={t('sql.editor')}
            language="sql"
            value={text}
            onChange={type}
            onSubmit={() => run(text)}
            tables={completion}
            problems={problem === undefined ? [] : [problem]}
          />
        </div>
        <div className={styles.bar}>
          <Button leftSection={<PlayIcon size={13} />} disabled={text.trim() === ''} onClick={() => run(text)}>
            {t('sql.run')}
          </Button>
          <span className="muted">{t('sql.keys')}</span>
        </div>
        <div className={styles.result}>
          {asked === undefined ? (
            <EmptyNote>{t('sql.nothingYet')}</EmptyNote>
          ) : (
            <SqlResult key={asked.count} projectId={projectId} {...asked} onProblem={setProblem} />
          )}
        </div>
      </div>
    </div>
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
