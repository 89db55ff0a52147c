import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Check } from '#shared/settings.ts'
import { Panel } from '../../components/page.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { call } from '../../lib/api.ts'
import { ExaminationRow } from './examination-row.tsx'
import { showProblem } from './queries.ts'
import { SettingRow } from './setting-row.tsx'

const fileName = 'esteira-diagnostics.json'

export function DiagnosticsSection() {
  const { t } = useTranslation()
  const gather = useMutation({
    mutationFn: () => call('getDiagnostics'),
    onSuccess: (diagnostics) => download(fileName, JSON.stringify(diagnostics, null, 2)),
    onError: showProblem,
  })
  return (
    <Panel title={t('settings.section.diagnostics')} flush>
      <SettingRow label={t('settings.diagnostics')} hint={t('settings.diagnosticsHint')}>
        <Button variant="default" loading={gather.isPending} onClick={() => gather.mutate()}>
          {t('settings.download')}
        </Button>
      </SettingRow>
      {gather.data !== undefined && <ChecksTable checks={gather.data.checks} />}
      <ExaminationRow />
    </Panel>
  )
}

const statusOf = { ok: 'succeeded', warning: 'unavailable', failed: 'failed' } as const

function ChecksTable({ checks }: { checks: readonly Check[] }) {
  const { t } = useTranslation()
  const columns: Column<Check>[] = [
    { key: 'name', label: t('settings.check'), cell: ({ name }) => <span className="mono">{name}</span> },
    {
      key: 'state',
      label: t('common.status'),
      cell: ({ state }) => <StatusMark status={statusOf[state]} text={t(`settings.checkState.${state}`)} />,
    },
    { key: 'detail', label: t('common.details'), wraps: true, cell: ({ detail }) => detail },
  ]
  return <Table label={t('settings.section.diagnostics')} columns={columns} rows={checks} rowKey={({ name }) => name} />
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
