import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeBlock } from '../../components/code-block.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useAddKey } from './queries.ts'

interface NewKeyDialogProps {
  endpoint: string
  opened: boolean
  onClose: () => void
}

/** Makes a key and shows it this once. */
export function NewKeyDialog({ endpoint, opened, onClose }: NewKeyDialogProps) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const add = useAddKey(endpoint)

  function close() {
    onClose()
    setName('')
    add.reset()
  }
  function submit(event: SubmitEvent) {
    event.preventDefault()
    add.mutate({ params: { name: endpoint }, body: { name: name.trim() } })
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('endpoints.newKey')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      closeOnClickOutside={add.data === undefined}
    >
      {add.data === undefined ? (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              label={t('endpoints.keyFor')}
              description={t('endpoints.keyForHint')}
              value={name}
              maxLength={100}
              onChange={({ currentTarget: { value } }) => setName(value)}
              data-autofocus
            />
            {add.error !== null && <ProblemAlert problem={problemOf(add.error)} />}
            <Group justify="flex-end" gap={8}>
              <Button variant="default" onClick={close}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={add.isPending} disabled={name.trim() === ''}>
                {t('endpoints.makeKey')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="sm">
          <Text size="sm">{t('endpoints.keyMade')}</Text>
          <CodeBlock code={add.data.key} label={t('endpoints.key')} />
          <Group justify="flex-end">
            <Button onClick={close}>{t('common.close')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
