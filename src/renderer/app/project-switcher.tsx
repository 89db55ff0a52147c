import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useProjectScope } from '../lib/project-scope.ts'
import { useProjects } from '../lib/queries.ts'

/** Which project the lists show. Absent while there is only one to show. */
export function ProjectSwitcher() {
  const { t } = useTranslation()
  const projects = useProjects()
  const [projectId, setProject] = useProjectScope()
  const list = projects.data ?? []
  if (list.length < 2) return null
  const known = list.some(({ id }) => id === projectId)
  return (
    <Select
      aria-label={t('app.switchProject')}
      size="xs"
      value={known && projectId !== undefined ? projectId : ''}
      data={[{ value: '', label: t('app.allProjects') }, ...list.map(({ id, name }) => ({ value: id, label: name }))]}
      searchable={list.length > 8}
      allowDeselect={false}
      onChange={(value) => setProject(value || undefined)}
    />
  )
}
