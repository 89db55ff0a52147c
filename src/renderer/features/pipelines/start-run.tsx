import { Button, Checkbox, Group, Modal, Stack, Switch, TextInput } from '@mantine/core'
import { type ReactNode, type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Pipeline } from '#shared/projects.ts'
import type { Json, Parameters } from '#shared/runs.ts'
import { PlayIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { FileProblems, ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import * as queries from '../../lib/queries.ts'
import { parameterKind, parameterText, parseParameter } from './parameter-value.ts'

export interface RunRequest {
  projectId: string
  pipeline: string
  /** Values that differ from the file, such as those of an earlier run. */
  parameters?: Parameters
  /** The file was saved for this run just before. */
  saved?: boolean
}

/** A dialog that starts a run with changed parameters, and then shows the run. */
export function useStartRun(): { open: (request: RunRequest) => void; dialog: ReactNode } {
  const { t } = useTranslation()
  const [request, setRequest] = useState<RunRequest>()
  const close = () => setRequest(undefined)
  const dialog = (
    <Modal
      opened={request !== undefined}
      onClose={close}
      title={t('pipelines.startTitle', { pipeline: request?.pipeline ?? '' })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {request !== undefined && <StartRunForm request={request} onClose={close} />}
    </Modal>
  )
  return { open: setRequest, dialog }
}

function StartRunForm({ request, onClose }: { request: RunRequest; onClose: () => void }) {
  const { t } = useTranslation()
  const pipelines = queries.usePipelines(request.projectId)
  return (
    <Loaded query={pipelines}>
      {(list) => {
        const pipeline = list.find((each) => each.name === request.pipeline)
        if (pipeline === undefined) return t('pipelines.notFound')
        if (pipeline.problems.length > 0) return <FileProblems problems={pipeline.problems} />
        return (
          <>
            {request.saved && <p className="muted">{t('pipelines.savedForRun', { file: pipeline.file })}</p>}
            <ParametersForm
              key={pipeline.version}
              pipeline={pipeline}
              initial={request.parameters ?? {}}
              onClose={onClose}
            />
          </>
        )
      }}
    </Loaded>
  )
}

interface ParametersFormProps {
  pipeline: Pipeline
  initial: Parameters
  onClose: () => void
}

function ParametersForm({ pipeline, initial, onClose }: ParametersFormProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const start = queries.useStartRun()
  const [useCache, setUseCache] = useState(true)
  const declared = Object.entries(pipeline.parameters)
  const [texts, setTexts] = useState(() =>
    Object.fromEntries(declared.map(([name, value]) => [name, parameterText(initial[name] ?? value)])),
  )
  const parsed = declared.map(([name, value]) => ({
    name,
    declared: value,
    result: parseParameter(parameterKind(value), texts[name] ?? ''),
  }))
  const changed = parsed.filter(({ declared, name }) => texts[name] !== parameterText(declared))
  const invalid = parsed.some(({ result }) => 'problem' in result)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    const parameters = Object.fromEntries(
      changed.flatMap(({ name, result }) => ('value' in result ? [[name, result.value]] : [])),
    )
    const body = { projectId: pipeline.projectId, pipeline: pipeline.name, parameters, useCache, startedBy: 'gui' }
    // Not a callback of the call: the form is made anew where the file changes meanwhile, and the answer would find nobody.
    start.mutateAsync({ body }).then(
      (run) => {
        onClose()
        navigate(`/runs/${run.id}`)
      },
      // The form shows it.
      () => undefined,
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {declared.length === 0 && <span className="muted">{t('pipelines.noParameters')}</span>}
        {parsed.map(({ name, declared, result }) => (
          <ParameterInput
            key={name}
            name={name}
            declared={declared}
            text={texts[name] ?? ''}
            problem={'problem' in result ? t(`pipelines.${result.problem}`) : undefined}
            onChange={(text) => setTexts((before) => ({ ...before, [name]: text }))}
          />
        ))}
        <Checkbox
          label={t('pipelines.useCache')}
          description={t('pipelines.useCacheHint')}
          checked={useCache}
          onChange={(event) => setUseCache(event.currentTarget.checked)}
        />
        {start.error !== null && <ProblemAlert problem={problemOf(start.error)} />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            leftSection={<PlayIcon size={13} />}
            loading={start.isPending}
            disabled={invalid}
            data-autofocus
          >
            {t('pipelines.startNow')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface ParameterInputProps {
  name: string
  declared: Json
  text: string
  problem: string | undefined
  onChange: (text: string) => void
}

function ParameterInput({ name, declared, text, problem, onChange }: ParameterInputProps) {
  const { t } = useTranslation()
  const kind = parameterKind(declared)
  const hint = text === parameterText(declared) ? undefined : t('pipelines.changed')
  if (kind === 'boolean') {
    return (
      <Switch
        label={name}
        description={hint}
        checked={text === 'true'}
        onChange={(event) => onChange(String(event.currentTarget.checked))}
      />
    )
  }
  return (
    <TextInput
      label={name}
      description={hint}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      error={problem}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
