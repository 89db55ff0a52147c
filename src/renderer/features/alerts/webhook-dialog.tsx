import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CodeBlock } from '../../components/code-block.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { usePutWebhook } from './queries.ts'

const empty = { name: '', url: '', allowLinkLocal: false }

/** Makes a webhook, and shows its secret this once. */
export function WebhookDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const [form, setForm] = useState(empty)
  const put = usePutWebhook()

  function close() {
    onClose()
    setForm(empty)
    put.reset()
  }
  function submit(event: SubmitEvent) {
    event.preventDefault()
    const { name, ...body } = form
    put.mutate({ params: { name: name.trim() }, body: { ...body, url: body.url.trim() } })
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('alerts.newWebhook')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      closeOnClickOutside={put.data === undefined}
    >
      {put.data === undefined ? (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              label={t('common.name')}
              description={t('alerts.webhookNameHint')}
              value={form.name}
              maxLength={100}
              onChange={({ currentTarget: { value } }) => setForm({ ...form, name: value })}
              data-autofocus
            />
            <TextInput
              label={t('alerts.url')}
              type="url"
              value={form.url}
              onChange={({ currentTarget: { value } }) => setForm({ ...form, url: value })}
            />
            <Checkbox
              label={t('alerts.allowLinkLocal')}
              checked={form.allowLinkLocal}
              onChange={({ currentTarget: { checked } }) => setForm({ ...form, allowLinkLocal: checked })}
            />
            {put.error !== null && <ProblemAlert problem={problemOf(put.error)} />}
            <Group justify="flex-end" gap={8}>
              <Button variant="default" onClick={close}>
                {t('common.cancel')}
              </Button>
              <Button
                type="submit"
                loading={put.isPending}
                disabled={form.name.trim() === '' || form.url.trim() === ''}
              >
                {t('alerts.makeWebhook')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="sm">
          <Text size="sm">{t('alerts.secretMade')}</Text>
          <CodeBlock code={put.data.secret} label={t('alerts.secret')} />
          <Group justify="flex-end">
            <Button onClick={close}>{t('common.close')}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
