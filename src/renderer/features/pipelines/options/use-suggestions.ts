import type { DraftStep } from '#shared/pipelines.ts'
import { useProjects } from '../../../lib/queries.ts'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import { useDatasetColumns, useDatasets } from '../queries.ts'
import { datasetBehind, suggestionsFor } from './suggestions.ts'

/** The names that an option of the step may be offered. */
export function useSuggestions(step: DraftStep): (option: string) => readonly string[] {
  const { projectId, steps } = useEditor()
  const project = useProjects().data?.find((each) => each.id === projectId)
  const datasets = project?.datasets ?? []
  const infos = useDatasets(projectId).data ?? []
  const behind = datasetBehind(steps, step)
  const columns =
    useDatasetColumns(
      projectId,
      datasets.find((name) => name === behind),
    ).data ?? []
  return (option) => suggestionsFor(option, { datasets, infos, columns })
}
