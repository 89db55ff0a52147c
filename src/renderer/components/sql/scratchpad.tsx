import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileProblem } from '#shared/errors.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { CodeEditor } from '../code-editor.tsx'
import { EmptyNote } from '../empty.tsx'
import { PlayIcon } from '../icons.tsx'
import styles from './sql.module.css'
import { SqlResult } from './sql-result.tsx'
import { SqlSide } from './sql-side.tsx'
import { readStore, withQuery, writeStore } from './sql-store.ts'
import type { SqlSubject, SqlTable } from './sql-subject.ts'

/** Longer queries do not fit into an address. */
const longestShared = 1_500

interface Asked {
  readonly sql: string
  /** The same query, run again, is another. */
  readonly count: number
}

interface ScratchpadProps {
  /** The same from one drawing to the next. */
  subject: SqlSubject
  tables: readonly SqlTable[]
  /** What stands in the editor before anything was written. */
  firstQuery: string
}

/** An editor for SQL over some tables, with what it answers. */
export function Scratchpad({ subject, tables, firstQuery }: ScratchpadProps) {
  const { t } = useTranslation()
  const { about } = subject
  const [shared, setShared] = useSearchParam('sql')
  const [store, setStore] = useState(() => readStore(about))
  const [text, setText] = useState(() => shared ?? (store.text || firstQuery))
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
    writeStore(about, next)
    setText(sql)
    setProblem(undefined)
    setShared(sql.length <= longestShared ? sql : undefined)
    setAsked((before) => ({ sql, count: (before?.count ?? 0) + 1 }))
  }
  function type(sql: string) {
    setText(sql)
    setProblem(undefined)
    writeStore(about, { ...store, text: sql })
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
            <SqlResult key={asked.count} subject={subject} {...asked} onProblem={setProblem} />
          )}
        </div>
      </div>
    </div>
  )
}
