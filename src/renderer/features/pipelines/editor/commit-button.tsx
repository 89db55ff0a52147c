import { Button, Group, Popover, Stack, Textarea } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommitIcon } from '../../../components/icons.tsx'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useProjectFiles, useProjectGit } from '../queries.ts'
import { useEditor } from './use-pipeline-editor.ts'

/** Commits the pipeline file alone. Shown where the project is under git and the file has something to commit. */
export function CommitButton() {
  const { t } = useTranslation()
  const { projectId, file, disk } = useEditor()
  const git = useProjectGit(projectId).data
  const [opened, setOpened] = useState(false)
  const changed = disk.dirty || (git?.changed.includes(file.path) ?? false)
  if (git?.repository !== true || (!changed && !opened)) return null
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus width={340} shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<CommitIcon size={14} />} onClick={() => setOpened(!opened)}>
          {t('pipelines.commit')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <CommitForm branch={git.branch} onDone={() => setOpened(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

function CommitForm({ branch, onDone }: { branch: string | null; onDone: () => void }) {
  const { t } = useTranslation()
  const { projectId, name, file, disk } = useEditor()
  const files = useProjectFiles(projectId)
  const [message, setMessage] = useState<string>(() => t('pipelines.commitMessage', { name }))
  const [busy, setBusy] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      if (!(await disk.save())) return
      const commit = await files.commit(file.path, message)
      showToast({ text: t('pipelines.committed', { hash: commit.hash.slice(0, 7) }) })
      onDone()
    } catch (error) {
      showToast({ text: problemOf(error).detail, tone: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="xs">
        <Textarea
          label={t('pipelines.message')}
          description={branch === null ? undefined : t('pipelines.onBranch', { branch })}
          autosize
          minRows={2}
          maxRows={6}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={message.trim() === ''}>
            {t(disk.dirty ? 'pipelines.saveAndCommit' : 'pipelines.commit')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
