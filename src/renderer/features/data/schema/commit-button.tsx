import { Button, Group, Popover, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useCommitFiles } from '../queries.ts'

/** Commits the one file, under a message of the person's own. */
export function CommitButton({ projectId, file }: { projectId: string; file: string }) {
  const { t } = useTranslation()
  const commit = useCommitFiles(projectId)
  const [opened, setOpened] = useState(false)
  const [message, setMessage] = useState<string>(t('schema.commitMessage', { file }))
  function submit(event: SubmitEvent) {
    event.preventDefault()
    commit.mutate(
      { paths: [file], message },
      {
        onSuccess: ({ hash }) => {
          setOpened(false)
          showToast({ text: t('schema.committed', { hash: hash.slice(0, 8) }) })
        },
      },
    )
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus withinPortal>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpened(!opened)}>
          {t('schema.commit')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('schema.commit')}>
        <form onSubmit={submit}>
          <Stack gap={10}>
            <TextInput
              w={320}
              label={t('schema.message')}
              value={message}
              onChange={(event) => setMessage(event.currentTarget.value)}
            />
            {commit.error !== null && <ProblemAlert problem={problemOf(commit.error)} />}
            <Group justify="flex-end">
              <Button type="submit" loading={commit.isPending} disabled={message.trim() === ''}>
                {t('schema.commit')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
