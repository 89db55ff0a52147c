import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Trigger, TriggerState } from '#shared/triggers.ts'
import { showToast } from '../../components/toast.tsx'
import { call, problemOf } from '../../lib/api.ts'
import { useChange } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'

const pageSize = 50
const oneTrigger = (id: string) => [...queryKeys.triggers, id]

export const useTriggers = () => useQuery({ queryKey: queryKeys.triggers, queryFn: () => call('listTriggers') })

export const useTrigger = (id: string) =>
  useQuery({ queryKey: oneTrigger(id), queryFn: () => call('getTrigger', { params: { id } }) })

/** Newest first, a page at a time. */
export const useDecisions = (id: string) =>
  useInfiniteQuery({
    queryKey: [...oneTrigger(id), 'decisions'],
    queryFn: ({ pageParam }) =>
      call('listTriggerDecisions', {
        params: { id },
        query: { limit: pageSize, ...(pageParam !== '' && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })

export const useRunTrigger = (runId: string, startedByTrigger: boolean) =>
  useQuery({
    queryKey: ['run-trigger', runId],
    queryFn: () => call('getRunTrigger', { params: { id: runId } }),
    enabled: startedByTrigger,
  })

export const useFire = () => useChange('fireTrigger', [queryKeys.triggers, queryKeys.runs])
export const useCheck = () => useChange('checkTrigger', [])

/** Pauses at once; the toast takes it back. */
export function usePause() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const fail = (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' })
  async function pauseAll(paused: boolean): Promise<void> {
    const state = await call('pauseTriggers', { body: { paused } })
    client.setQueryData<TriggerState>(queryKeys.triggers, state)
  }
  async function pauseOne({ id }: Trigger, paused: boolean): Promise<void> {
    const trigger = await call('pauseTrigger', { params: { id }, body: { paused } })
    client.setQueryData<Trigger>(oneTrigger(id), trigger)
    await client.invalidateQueries({ queryKey: queryKeys.triggers })
  }
  function doIt(paused: boolean, what: (paused: boolean) => Promise<void>, text: string) {
    const undo = () => void what(!paused).catch(fail)
    what(paused).then(() => showToast({ text, undo }), fail)
  }
  return {
    all: (paused: boolean) => doIt(paused, pauseAll, t(paused ? 'settings.paused' : 'settings.resumed')),
    one: (trigger: Trigger, paused: boolean) =>
      doIt(
        paused,
        (wanted) => pauseOne(trigger, wanted),
        t(paused ? 'triggers.pausedOne' : 'triggers.resumedOne', { label: trigger.label }),
      ),
  }
}
