import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { EndpointKey } from '#shared/access.ts'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { useRevokeKey } from './queries.ts'

/** The keys of an endpoint, newest first; those that hold can be revoked. */
export function AccessKeys({ endpoint, keys }: { endpoint: string; keys: readonly EndpointKey[] }) {
  const { t } = useTranslation()
  const revoke = useRevokeKey(endpoint)

  function end({ id, name }: EndpointKey) {
    const request = { params: { name: endpoint, id } }
    revoke.mutate(request, {
      onSuccess: () => showToast({ text: t('endpoints.keyRevoked', { name }) }),
      onError: (error) => showToast({ text: problemOf(error).detail, tone: 'bad' }),
    })
  }
  const columns: Column<EndpointKey>[] = [
    { key: 'name', label: t('endpoints.keyFor'), wraps: true, cell: ({ name }) => name },
    { key: 'made', label: t('common.created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    {
      key: 'state',
      label: t('endpoints.keyState'),
      cell: ({ revokedAt }) =>
        revokedAt === null ? (
          t('endpoints.keyHolds')
        ) : (
          <span className="muted">
            {t('endpoints.keyRevokedAt')} <Moment at={revokedAt} />
          </span>
        ),
    },
    {
      key: 'acts',
      label: '',
      cell: (key) =>
        key.revokedAt === null && (
          <Button
            variant="subtle"
            size="compact-sm"
            loading={revoke.isPending && revoke.variables.params?.id === key.id}
            aria-label={t('endpoints.revokeKey', { name: key.name })}
            onClick={() => end(key)}
          >
            {t('endpoints.revoke')}
          </Button>
        ),
    },
  ]
  return <Table label={t('endpoints.keys')} columns={columns} rows={keys} rowKey={({ id }) => id} />
}
