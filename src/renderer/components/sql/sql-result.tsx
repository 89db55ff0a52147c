import { Button } from '@mantine/core'
import { type Dispatch, type SetStateAction, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileProblem } from '#shared/errors.ts'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { PagedTable } from '../previews/paged-table.tsx'
import { type RowSource, useFirstRows } from '../previews/use-rows.ts'
import { showToast } from '../toast.tsx'
import { collectRows, csvText, mostRows, tsvText } from './collect-rows.ts'
import type { SqlSubject } from './sql-subject.ts'
import { sqlProblem } from './sql-text.ts'

interface SqlResultProps {
  subject: SqlSubject
  sql: string
  /** Which run of the page this is. */
  count: number
  onProblem: Dispatch<SetStateAction<FileProblem | undefined>>
}

/** What one query answers, or why it does not. */
export function SqlResult({ subject, sql, count, onProblem }: SqlResultProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [elapsedMs, setElapsedMs] = useState<number>()
  const source = useMemo<RowSource>(
    () => ({
      key: ['sql', subject.about, sql, count],
      load: async (offset, limit, signal) => {
        const page = await subject.ask({ sql, offset, limit }, signal)
        // Later pages are the same query again; the first is the one that was waited for.
        if (offset === 0) setElapsedMs((known) => known ?? page.elapsedMs)
        return page
      },
    }),
    [subject, sql, count],
  )
  const { error, data } = useFirstRows(source)
  useEffect(() => {
    if (error !== null) onProblem(sqlProblem(problemOf(error)))
  }, [error, onProblem])
  return (
    <PagedTable
      label={t('sql.result')}
      source={source}
      actions={
        <>
          {elapsedMs !== undefined && (
            <span className="muted">{t('sql.elapsed', { time: format.duration(elapsedMs) })}</span>
          )}
          {data !== undefined && <TakeAlong source={source} total={data.total} />}
        </>
      }
    />
  )
}

/** The result as a file or on the clipboard. */
function TakeAlong({ source, total }: { source: RowSource; total: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [taken, setTaken] = useState<number>()
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])

  async function take(use: (rows: Awaited<ReturnType<typeof collectRows>>) => Promise<void> | void, said: string) {
    const controller = new AbortController()
    abort.current = controller
    setTaken(0)
    try {
      await use(await collectRows(source, controller.signal, setTaken))
      const cut = total > mostRows ? ` ${t('sql.onlyFirst', { rows: format.integer(mostRows) })}` : ''
      showToast({ text: said + cut })
    } catch (error) {
      if (!controller.signal.aborted) showToast({ text: problemOf(error).detail, tone: 'bad' })
    } finally {
      setTaken(undefined)
    }
  }
  if (taken !== undefined) {
    return (
      <>
        <span className="muted">
          {t('sql.taking', { rows: format.integer(taken), all: format.integer(Math.min(total, mostRows)) })}
        </span>
        <Button size="compact-sm" variant="default" onClick={() => abort.current?.abort()}>
          {t('common.cancel')}
        </Button>
      </>
    )
  }
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => take((rows) => navigator.clipboard.writeText(tsvText(rows)), t('sql.copied'))}
      >
        {t('sql.copyTsv')}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => take((rows) => download(csvText(rows)), t('sql.downloaded'))}
      >
        {t('sql.downloadCsv')}
      </Button>
    </>
  )
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'query.csv'
  link.click()
  URL.revokeObjectURL(url)
}
