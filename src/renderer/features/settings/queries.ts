/** What the settings page reads and changes. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SettingsChange } from '#shared/settings.ts'
import { showToast } from '../../components/toast.tsx'
import { call, problemOf } from '../../lib/api.ts'
import { useChange } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { formerValues } from './changes.ts'

const settingsKey = ['settings']

export const useSettings = () => useQuery({ queryKey: settingsKey, queryFn: () => call('getSettings') })

/** Keys are also made by the command line, which no event tells of. */
export const useOutside = () =>
  useQuery({
    queryKey: queryKeys.outside,
    queryFn: () => call('getOutside'),
    refetchOnMount: 'always',
    refetchOnWindowFocus: 'always',
  })

export const useDiskUse = () => useQuery({ queryKey: queryKeys.diskUse, queryFn: () => call('getDiskUse') })

export const useTriggers = () => useQuery({ queryKey: queryKeys.triggers, queryFn: () => call('listTriggers') })

/** Set by events alone (cache-updates.ts); undefined until a clean-up begins. */
export const useCleanUpState = () =>
  useQuery<{ underWay: boolean; removedRuns: number } | null>({
    queryKey: queryKeys.cleanUp,
    queryFn: () => null,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: false,
  })

export const useCleanUp = () => useChange('cleanUp', [queryKeys.diskUse, queryKeys.runs])

/** Asked for by a person: it walks all runs. */
export const useCleanUpPreview = () =>
  useQuery({ queryKey: ['clean-up-preview'], queryFn: () => call('previewCleanUp'), enabled: false })

const examinationKey = ['examination']
const examinationPollMs = 500

/** The examination that this page began, followed to its end. */
export function useExamination() {
  const client = useQueryClient()
  const begun = client.getQueryData(examinationKey) !== undefined
  const examination = useQuery({
    queryKey: examinationKey,
    queryFn: () => call('getExamination'),
    enabled: begun,
    refetchInterval: ({ state }) => (state.data?.finishedAt === null ? examinationPollMs : false),
  })
  const start = useMutation({
    mutationFn: (repair: boolean) => call('startExamination', { body: { repair } }),
    onSuccess: (begins) => client.setQueryData(examinationKey, begins),
    onError: showProblem,
  })
  return { examination: examination.data, start }
}

/** Shows a failure where there is no better place, and keeps it until it is read. */
export function showProblem(error: unknown): void {
  showToast({ text: problemOf(error).detail, tone: 'bad' })
}

/** Saves what changed at once; the toast takes it back. */
export function useSaveSettings() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const settings = useSettings()
  const mutation = useMutation({
    mutationFn: (body: SettingsChange) => call('putSettings', { body }),
    onSuccess: (state) => {
      client.setQueryData(settingsKey, state)
      client.invalidateQueries({ queryKey: queryKeys.diskUse })
    },
    onError: showProblem,
  })
  return (change: SettingsChange) => {
    const former = settings.data && formerValues(settings.data.settings, change)
    if (former === undefined) return
    const undo = () => mutation.mutate(former, { onSuccess: () => showToast({ text: t('settings.takenBack') }) })
    mutation.mutate(change, { onSuccess: () => showToast({ text: t('settings.saved'), undo }) })
  }
}

/** Any other change that can be taken back by a second call. */
export function useTakeBack() {
  const { t } = useTranslation()
  return async (text: string, change: () => Promise<unknown>, takeBack: () => Promise<unknown>) => {
    try {
      await change()
    } catch (error) {
      return showProblem(error)
    }
    const undo = () => {
      takeBack().then(() => showToast({ text: t('settings.takenBack') }), showProblem)
    }
    showToast({ text, undo })
  }
}
