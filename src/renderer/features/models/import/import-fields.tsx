import { Autocomplete, Button, FileInput, Group, Progress, Select, Stack } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Problem } from '#shared/errors.ts'
import { nameSchema } from '#shared/names.ts'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useFormat } from '../../../lib/format.ts'
import { useProjectScope } from '../../../lib/project-scope.ts'
import { useModels, useProjects } from '../../../lib/queries.ts'
import { type ImportForm, modelNameFrom, placeOf } from './import-request.ts'
import { setModelFile, useModelFile } from './model-file.ts'
import { SignatureFields } from './signature-fields.tsx'

interface ImportFieldsProps {
  /** What was tried before. */
  first: ImportForm | undefined
  /** Why the last try failed. */
  failure: { readonly problem: Problem; readonly runId: string } | undefined
  /** Why the last try was not begun. */
  error: unknown
  /** How much of the file is sent, while it is. */
  fraction: number | undefined
  busy: boolean
  onSubmit: (file: File, form: ImportForm) => void
  onCancel: () => void
}

const usualAliases = ['champion', 'challenger']

export function ImportFields({ first, failure, error, fraction, busy, onSubmit, onCancel }: ImportFieldsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const projects = useProjects().data ?? []
  const models = useModels().data ?? []
  const [scope] = useProjectScope()
  const file = useModelFile((state) => state.file)
  const [form, setForm] = useState<Partial<ImportForm>>(first ?? {})
  const name = form.model ?? modelNameFrom(file?.name ?? '')
  const projectId = form.projectId ?? scope ?? projects[0]?.id
  const alias = form.alias ?? ''
  const change = (part: Partial<ImportForm>) => setForm((before) => ({ ...before, ...part }))
  const nameProblem = name === '' || isName(name) ? undefined : t('models.aliasInvalid')
  const aliasProblem = alias === '' || isName(alias) ? undefined : t('models.aliasInvalid')
  const ready = file !== undefined && isName(name) && aliasProblem === undefined && projectId !== undefined
  const problem = error === null ? failure?.problem : problemOf(error)
  const place = problem && placeOf(problem)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!ready) return
    onSubmit(file, {
      target: '',
      task: undefined,
      classes: [],
      inputs: [],
      missing: [],
      ...form,
      model: name,
      projectId,
      alias,
    })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <FileInput
          label={t('modelImport.file')}
          description={t('modelImport.fileHint')}
          placeholder={t('modelImport.chooseFile')}
          accept=".onnx"
          value={file ?? null}
          onChange={(chosen) => setModelFile(chosen ?? undefined)}
          clearable={!busy}
          disabled={busy}
          clearButtonProps={{ 'aria-label': t('modelImport.clearFile') }}
        />
        <Group gap="sm" grow align="flex-start">
          <Autocomplete
            label={t('common.model')}
            description={t('modelImport.modelHint')}
            data={models.filter((model) => model.projectId === projectId).map((model) => model.name)}
            value={name}
            error={nameProblem}
            onChange={(model) => change({ model })}
          />
          <Select
            size="sm"
            label={t('common.project')}
            description={t('modelImport.projectHint')}
            value={projectId ?? null}
            data={projects.map((project) => ({ value: project.id, label: project.name }))}
            allowDeselect={false}
            onChange={(id) => id !== null && change({ projectId: id })}
          />
          <Autocomplete
            label={t('models.alias')}
            description={t('modelImport.aliasHint')}
            data={usualAliases}
            value={alias}
            error={aliasProblem}
            onChange={(value) => change({ alias: value })}
          />
        </Group>
        <SignatureFields form={form} change={change} place={place} detail={problem?.detail} />
        {problem !== undefined && place === undefined && !busy && <ProblemAlert problem={problem} />}
        {fraction !== undefined && (
          <Progress value={fraction * 100} aria-label={t('models.sendingFile', { share: format.percent(fraction) })} />
        )}
        <Group justify="flex-end" gap={8}>
          {failure !== undefined && !busy && (
            <Link href={`/runs/${failure.runId}`} style={{ marginRight: 'auto', fontSize: 13 }}>
              {t('modelImport.failedRun')}
            </Link>
          )}
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={!ready}>
            {t('modelImport.start')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function isName(text: string): boolean {
  return nameSchema.safeParse(text).success
}
