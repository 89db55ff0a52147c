import { Button, Select, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TableColumn } from '#shared/data.ts'
import { type Task, taskSchema } from '#shared/models.ts'
import { nameSchema } from '#shared/names.ts'
import { PlayIcon } from '../../components/icons.tsx'
import { useEngine } from '../../lib/queries.ts'
import { projectFolder, projectNameFrom } from './suggest.ts'

interface ProjectFormProps {
  path: string
  columns: readonly TableColumn[]
  target: string | undefined
  onTarget: (name: string) => void
  task: Task | undefined
  onTask: (task: Task) => void
  busy: boolean
  /** False while the file is looked at. */
  ready: boolean
  onSubmit: (project: { name: string; folder: string }) => void
}

/** What to predict, how, and where the project lies. */
export function ProjectForm(props: ProjectFormProps) {
  const { path, columns, target, onTarget, task, onTask, busy, ready, onSubmit } = props
  const { t } = useTranslation()
  const engine = useEngine()
  const [name, setName] = useState(() => projectNameFrom(path))
  const [folder, setFolder] = useState<string>()
  const home = engine.data?.home
  const shownFolder = folder ?? (home === undefined ? '' : projectFolder(home, name))
  const nameProblem = nameSchema.safeParse(name).success ? undefined : t('models.aliasInvalid')

  function submit(event: SubmitEvent) {
    event.preventDefault()
    onSubmit({ name, folder: shownFolder })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          size="sm"
          label={t('start.target')}
          description={t('start.targetHint')}
          searchable
          allowDeselect={false}
          value={target ?? null}
          data={columns.filter(({ type }) => type !== 'other').map((column) => column.name)}
          onChange={(value) => value !== null && onTarget(value)}
        />
        <Select
          size="sm"
          label={t('start.task')}
          description={t('start.taskHint')}
          allowDeselect={false}
          value={task ?? null}
          disabled={task === undefined}
          data={taskSchema.options.map((value) => ({ value, label: t(`models.task_${value}`) }))}
          onChange={(value) => onTask(taskSchema.parse(value))}
        />
        <TextInput
          label={t('start.name')}
          value={name}
          error={nameProblem}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('start.folder')}
          description={t('start.folderHint')}
          value={shownFolder}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setFolder(event.currentTarget.value)}
        />
        <Button
          type="submit"
          leftSection={<PlayIcon size={13} />}
          loading={busy}
          disabled={!ready || nameProblem !== undefined || shownFolder.trim() === ''}
        >
          {t('start.run')}
        </Button>
      </Stack>
    </form>
  )
}
