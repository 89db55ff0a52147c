import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { useProjects } from '../../lib/queries.ts'
import { overlayText, parseOverlay } from './overlay.ts'
import { useDatasetsOf } from './queries.ts'

const offeredRuns = 20

const useRecentRuns = (projectId: string) =>
  useQuery({
    queryKey: ['runs', 'for-overlay', projectId],
    queryFn: () => call('listRuns', { query: { projectId, limit: offeredRuns } }),
  })

interface OverlayPickerProps {
  projectId: string
  dataset: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** Chooses what is laid over the statistics: any project's dataset, or what a run saw. */
export function OverlayPicker({ projectId, dataset, value, onChange }: OverlayPickerProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const projects = useProjects()
  const { datasets } = useDatasetsOf(projects.data ?? [])
  const runs = useRecentRuns(projectId)
  const own = overlayText({ kind: 'dataset', projectId, dataset })
  const offered = datasets
    .map(({ project, dataset: each }) => ({
      value: overlayText({ kind: 'dataset', projectId: project.id, dataset: each.name }),
      label: project.id === projectId ? each.name : `${each.name} · ${project.name}`,
    }))
    .filter((option) => option.value !== own)
  const ofRuns = (runs.data?.items ?? []).map((run) => ({
    value: overlayText({ kind: 'run', runId: run.id }),
    label: `${run.pipeline} ${run.id.slice(-6)} · ${format.dateTime(run.createdAt)}`,
  }))
  return (
    <Select
      w={300}
      aria-label={t('data.overlay')}
      placeholder={t('data.overlay')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('data.overlayRemove') }}
      nothingFoundMessage={t('data.overlayNothing')}
      value={value ?? null}
      data={[
        { group: t('data.datasets'), items: offered },
        { group: t('data.runsSeen'), items: ofRuns },
      ].filter(({ items }) => items.length > 0)}
      onChange={(next) => onChange(next ?? undefined)}
    />
  )
}

/** A short name for legends and headers; that of another project is said too. */
export function useOverlayName(value: string | undefined, projectId: string): string {
  const { t } = useTranslation()
  const projects = useProjects()
  return useMemo(() => {
    const overlay = parseOverlay(value)
    if (overlay === undefined) return ''
    if (overlay.kind === 'run') return t('data.runName', { id: overlay.runId.slice(-6) })
    const project = projects.data?.find(({ id }) => id === overlay.projectId)
    return project === undefined || project.id === projectId ? overlay.dataset : `${overlay.dataset} · ${project.name}`
  }, [value, projectId, projects.data, t])
}
