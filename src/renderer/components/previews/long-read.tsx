import { Button, Skeleton } from '@mantine/core'
import { type QueryKey, type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { useNow } from '../../lib/use-now.ts'
import { ProblemAlert } from '../problem-alert.tsx'
import styles from './long-read.module.css'

interface LongReadProps<Data> {
  query: UseQueryResult<Data>
  queryKey: QueryKey
  /** What is under way, e.g. "Statistics are computed". */
  what: string
  children: (data: Data) => ReactNode
}

/** A read that may take long: says for how long it has been under way, and can be cancelled and taken up again. */
export function LongRead<Data>({ query, queryKey, what, children }: LongReadProps<Data>) {
  const { t } = useTranslation()
  const client = useQueryClient()
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) {
    return (
      <div className={styles.failed}>
        <ProblemAlert problem={problemOf(query.error)} />
      </div>
    )
  }
  if (query.fetchStatus === 'idle') {
    return (
      <div className={`${styles.line} ${styles.failed}`}>
        <span className="muted">{t('preview.cancelled')}</span>
        <Button size="compact-sm" variant="default" onClick={() => query.refetch()}>
          {t('preview.readAgain')}
        </Button>
      </div>
    )
  }
  return <UnderWay what={what} onCancel={() => client.cancelQueries({ queryKey })} />
}

/** What is under way, for how long, and the way to end it. */
export function UnderWay({ what, onCancel }: { what: string; onCancel: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [startedAt] = useState(() => Date.now())
  const elapsedMs = useNow(100) - startedAt
  return (
    <div className={styles.waiting} aria-busy="true">
      <div className={styles.line}>
        <span className="muted">
          {what} · <span className="numeric">{format.duration(Math.max(elapsedMs, 0))}</span>
        </span>
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      </div>
      <Skeleton height={16} width="90%" />
      <Skeleton height={16} width="70%" />
      <Skeleton height={16} width="80%" />
    </div>
  )
}
