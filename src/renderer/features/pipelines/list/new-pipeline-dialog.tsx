import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Pipeline, Project } from '#shared/projects.ts'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useProjectFiles } from '../queries.ts'
import { copyOfPipeline, emptyPipeline, pathOfPipeline, problemOfName } from './new-pipeline.ts'

interface NewPipelineDialogProps {
  project: Project
  pipelines: readonly Pipeline[]
  /** The pipeline to copy; undefined for an empty one. */
  copyOf: string | undefined
  onClose: () => void
}

/** Makes a pipeline file and opens it. */
export function NewPipelineDialog({ project, pipelines, copyOf, onClose }: NewPipelineDialogProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const files = useProjectFiles(project.id)
  const [name, setName] = useState('')
  const [source, setSource] = useState<string | null>(copyOf ?? null)
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const problem = problemOfName(
    name,
    pipelines.map((pipeline) => pipeline.name),
  )
  async function create(): Promise<void> {
    const copied = pipelines.find((pipeline) => pipeline.name === source)
    const text = copied === undefined ? emptyPipeline(name) : copyOfPipeline((await files.read(copied.file)).text, name)
    await files.write(pathOfPipeline(name), text, null)
    navigate(`/pipelines/${project.id}/${encodeURIComponent(name)}`)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (problem !== undefined) return
    setBusy(true)
    create()
      .catch(setError)
      .finally(() => setBusy(false))
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('pipelines.newIn', { project: project.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label={t('common.name')}
            description={name === '' ? undefined : pathOfPipeline(name)}
            error={name === '' || problem === undefined ? undefined : t(`pipelines.${problem}`)}
            value={name}
            onChange={(event) => setName(event.currentTarget.value.trim())}
          />
          <Select
            size="sm"
            label={t('pipelines.beginFrom')}
            placeholder={t('pipelines.emptyPipeline')}
            clearable
            clearButtonProps={{ 'aria-label': t('pipelines.emptyPipeline') }}
            data={pipelines.map((pipeline) => ({
              value: pipeline.name,
              label: t('pipelines.copyOf', { pipeline: pipeline.name }),
            }))}
            value={source}
            onChange={setSource}
          />
          {error !== undefined && <ProblemAlert problem={problemOf(error)} />}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={problem !== undefined}>
              {t('pipelines.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
