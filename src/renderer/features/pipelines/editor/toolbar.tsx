import { ActionIcon, Button, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { HistoryIcon, PlayIcon, RedoIcon, UndoIcon } from '../../../components/icons.tsx'
import type { useStartRun } from '../start-run.tsx'
import { CommitButton } from './commit-button.tsx'
import { type PipelineEditor, useEditor } from './use-pipeline-editor.ts'

interface ToolbarProps {
  startRun: ReturnType<typeof useStartRun>
  onVersions: () => void
}

/** What can be done with the file as a whole. */
export function Toolbar({ startRun, onVersions }: ToolbarProps) {
  const { t } = useTranslation()
  const editor = useEditor()
  const { session, disk, canUndo, canRedo } = editor
  return (
    <>
      <IconAct label={t('pipelines.undo')} disabled={!canUndo} onClick={session.undo}>
        <UndoIcon size={15} />
      </IconAct>
      <IconAct label={t('pipelines.redo')} disabled={!canRedo} onClick={session.redo}>
        <RedoIcon size={15} />
      </IconAct>
      <Button variant="default" leftSection={<HistoryIcon size={14} />} onClick={onVersions}>
        {t('pipelines.versions')}
      </Button>
      {disk.dirty && (
        <Button variant="default" onClick={disk.revert}>
          {t('pipelines.revert')}
        </Button>
      )}
      <CommitButton />
      <Button
        variant={disk.dirty ? 'filled' : 'default'}
        disabled={!disk.dirty}
        loading={disk.saving}
        onClick={() => void disk.save()}
      >
        {t('pipelines.save')}
      </Button>
      <Button
        leftSection={<PlayIcon size={13} />}
        disabled={editor.problems.length > 0 || editor.draft === undefined}
        onClick={() => void openRun(editor, startRun)}
      >
        {t(disk.dirty ? 'pipelines.saveAndRun' : 'pipelines.start')}
      </Button>
    </>
  )
}

/** A run takes what the file holds, so the text is saved before its parameters are asked for. */
async function openRun({ session, disk, projectId, name }: PipelineEditor, startRun: ToolbarProps['startRun']) {
  const draft = await session.settled()
  if (draft === undefined || draft.problems.length > 0) return
  const saved = disk.dirty
  if (await disk.save()) startRun.open({ projectId, pipeline: name, saved })
}

interface IconActProps {
  label: string
  disabled: boolean
  onClick: () => void
  children: ReactNode
}

function IconAct({ label, disabled, onClick, children }: IconActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
