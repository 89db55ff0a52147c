import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Webhook } from '#shared/alerts.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { useRemoveWebhook, useTestWebhook, useWebhooks } from './queries.ts'
import { WebhookDialog } from './webhook-dialog.tsx'

/** Where alerts can be sent: made, tried and removed here; who is told of which alert stands in the monitors. */
export function WebhooksPanel() {
  const { t } = useTranslation()
  const webhooks = useWebhooks()
  const [opened, dialog] = useDisclosure()
  return (
    <Panel
      title={t('alerts.webhooks')}
      flush
      actions={
        <Button variant="default" size="compact-sm" onClick={dialog.open}>
          {t('alerts.newWebhook')}
        </Button>
      }
    >
      <Loaded query={webhooks}>
        {(list) =>
          list.length === 0 ? <EmptyNote>{t('alerts.noWebhooks')}</EmptyNote> : <WebhooksTable webhooks={list} />
        }
      </Loaded>
      <WebhookDialog opened={opened} onClose={dialog.close} />
    </Panel>
  )
}

function WebhooksTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  const { t } = useTranslation()
  const columns: Column<Webhook>[] = [
    { key: 'name', label: t('common.name'), cell: ({ name }) => name },
    { key: 'url', label: t('alerts.url'), wraps: true, cell: ({ url }) => <span className="mono">{url}</span> },
    { key: 'made', label: t('common.created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { key: 'acts', label: '', cell: (webhook) => <WebhookActs webhook={webhook} /> },
  ]
  return <Table label={t('alerts.webhooks')} columns={columns} rows={webhooks} rowKey={({ name }) => name} />
}

function WebhookActs({ webhook: { name } }: { webhook: Webhook }) {
  const { t } = useTranslation()
  const test = useTestWebhook()
  const remove = useRemoveWebhook()
  const fail = (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' })
  const tryIt = () =>
    test.mutate(
      { params: { name } },
      { onSuccess: ({ ok, detail }) => showToast({ text: detail, ...(!ok && { tone: 'bad' }) }), onError: fail },
    )
  const removeIt = () =>
    remove.mutate(
      { params: { name } },
      { onSuccess: () => showToast({ text: t('alerts.webhookRemoved', { name }) }), onError: fail },
    )
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        loading={test.isPending}
        aria-label={t('alerts.testWebhook', { name })}
        onClick={tryIt}
      >
        {t('alerts.test')}
      </Button>
      <Button
        variant="subtle"
        size="compact-sm"
        loading={remove.isPending}
        aria-label={t('alerts.removeWebhook', { name })}
        onClick={removeIt}
      >
        {t('alerts.remove')}
      </Button>
    </>
  )
}
