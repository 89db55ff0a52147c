import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../components/page.tsx'
import { Scratchpad } from '../../../components/sql/scratchpad.tsx'
import type { SqlSubject } from '../../../components/sql/sql-subject.ts'
import { call } from '../../../lib/api.ts'

const tableNames = ['requests', 'failures', 'labels'] as const
const firstQuery = 'select *\nfrom requests\norder by "at" desc\nlimit 100'

/** A scratchpad over the request log of an endpoint. */
export default function RequestSqlPage({ name }: { name: string }) {
  const { t } = useTranslation()
  const subject = useMemo(() => logOf(name), [name])
  const tables = useTables(subject)
  const path = `/endpoints/${encodeURIComponent(name)}`
  const crumbs = [
    { label: t('endpoints.title'), href: '/endpoints' },
    { label: name, href: path },
    { label: t('requests.title'), href: `${path}?tab=requests` },
  ]
  return (
    <Page fill title={t('requests.sqlTitle', { endpoint: name })} crumbs={crumbs}>
      <Scratchpad key={name} subject={subject} tables={tables} firstQuery={firstQuery} />
    </Page>
  )
}

const logOf = (name: string): SqlSubject => ({
  about: `endpoint/${name}`,
  ask: (body, signal) => call('runRequestSql', { params: { name }, body }, { signal }),
})

/** What can be asked, with columns: those of the inputs come with the first revision that is asked. */
function useTables({ about, ask }: SqlSubject) {
  const results = useQueries({
    queries: tableNames.map((table) => ({
      queryKey: ['sql-columns', about, table],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        ask({ sql: `from ${table} limit 0`, offset: 0, limit: 1 }, signal),
    })),
  })
  return tableNames.map((name, index) => ({ name, columns: results[index]?.data?.columns ?? [] }))
}
