import { Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#shared/errors.ts'
import { ImportFields } from './import-fields.tsx'
import { ImportProgress } from './import-progress.tsx'
import type { ImportForm } from './import-request.ts'
import { setModelFile } from './model-file.ts'
import { useModelImport } from './use-model-import.ts'

interface ImportDialogProps {
  opened: boolean
  onClose: () => void
}

/** Makes an ONNX file that was made elsewhere a version of a model. */
export function ImportDialog({ opened, onClose }: ImportDialogProps) {
  const { t } = useTranslation()
  function close() {
    setModelFile(undefined)
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="xl"
      title={t('modelImport.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      closeOnClickOutside={false}
    >
      <ImportFlow onClose={close} />
    </Modal>
  )
}

/** The form, then the run; a run that fails leads back to the form, with the problem at its place. */
function ImportFlow({ onClose }: Pick<ImportDialogProps, 'onClose'>) {
  const { start, fraction, cancel } = useModelImport()
  const [form, setForm] = useState<ImportForm>()
  const [failure, setFailure] = useState<{ problem: Problem; runId: string }>()
  const run = start.data

  if (run !== undefined && form !== undefined && failure?.runId !== run.id) {
    return (
      <ImportProgress
        runId={run.id}
        model={form.model}
        onFailure={(problem) => setFailure({ problem, runId: run.id })}
        onClose={onClose}
      />
    )
  }
  return (
    <ImportFields
      first={form}
      failure={failure}
      error={start.error}
      fraction={fraction}
      busy={start.isPending}
      onSubmit={(file, chosen) => {
        setForm(chosen)
        start.mutate({ file, form: chosen })
      }}
      onCancel={() => {
        cancel()
        onClose()
      }}
    />
  )
}
