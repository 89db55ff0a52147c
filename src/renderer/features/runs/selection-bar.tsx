import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { RunListItem } from '#shared/run-list.ts'
import { showToast } from '../../components/toast.tsx'
import { isEnded } from '../../lib/cache-updates.ts'
import { type BulkResult, useForEachRun } from './queries.ts'
import { compareHref, fewestCompared, mostCompared } from './selection.ts'

interface SelectionBarProps {
  runs: readonly RunListItem[]
  selected: ReadonlySet<string>
  onClear: () => void
}

/** What can be done with the runs that are chosen. */
export function SelectionBar({ runs, selected, onClear }: SelectionBarProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const cancel = useForEachRun('cancelRun')
  const retry = useForEachRun('retryRun')
  if (selected.size === 0) return null
  const chosen = runs.filter(({ id }) => selected.has(id))
  const underWay = chosen.filter(({ status }) => !isEnded(status)).map(({ id }) => id)
  const retryable = chosen.filter(({ status }) => status === 'failed' || status === 'cancelled').map(({ id }) => id)
  const comparable = selected.size >= fewestCompared && selected.size <= mostCompared
  const tell = (key: 'runs.cancelled' | 'runs.retried') => ({
    onSuccess: ({ done, failed }: BulkResult) => {
      if (done > 0) showToast({ text: t(key, { count: done }) })
      if (failed > 0) showToast({ text: t('runs.notDone', { count: failed }), tone: 'bad' })
    },
  })
  return (
    <>
      <strong>{t('runs.selected', { count: selected.size })}</strong>
      <Button size="compact-xs" disabled={!comparable} onClick={() => navigate(compareHref(selected))}>
        {t('runs.compare')}
      </Button>
      {underWay.length > 0 && (
        <Button
          variant="default"
          size="compact-xs"
          loading={cancel.isPending}
          onClick={() => cancel.mutate(underWay, tell('runs.cancelled'))}
        >
          {t('runs.cancelThem', { count: underWay.length })}
        </Button>
      )}
      {retryable.length > 0 && (
        <Button
          variant="default"
          size="compact-xs"
          loading={retry.isPending}
          onClick={() => retry.mutate(retryable, tell('runs.retried'))}
        >
          {t('runs.retryThem', { count: retryable.length })}
        </Button>
      )}
      <Button variant="subtle" size="compact-xs" onClick={onClear}>
        {t('runs.clearSelection')}
      </Button>
    </>
  )
}
