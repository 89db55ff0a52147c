import { useTranslation } from 'react-i18next'
import type { RolloutCheck } from '#shared/rollout.ts'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'
import { checkMarkOf } from './states.ts'

/** What was looked at last, and what each look found. */
export function ChecksTable({ checks }: { checks: readonly RolloutCheck[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const figure = (check: RolloutCheck, value: number | null) => {
    if (value === null) return '–'
    switch (check.check) {
      case 'hold':
        return format.duration(value)
      case 'requests':
      case 'label-rows':
        return format.integer(value)
      case 'error-rate':
        return format.share(value)
      case 'latency-p99':
      case 'latency-p99-ms':
      case 'predictions':
      case 'label':
        return format.short(value)
      default:
        return check.check satisfies never
    }
  }
  const columns: Column<RolloutCheck>[] = [
    { key: 'check', label: t('rollouts.check'), cell: ({ check }) => t(`rollouts.checks.${check}`) },
    {
      key: 'status',
      label: t('common.status'),
      cell: ({ status }) => <StatusMark status={checkMarkOf[status]} text={t(`rollouts.checkStates.${status}`)} />,
    },
    { key: 'value', label: t('rollouts.candidate'), numeric: true, cell: (check) => figure(check, check.value) },
    { key: 'stable', label: t('rollouts.stable'), numeric: true, cell: (check) => figure(check, check.stable) },
    { key: 'limit', label: t('rollouts.limit'), numeric: true, cell: (check) => figure(check, check.limit) },
    {
      key: 'bound',
      label: t('rollouts.bound'),
      numeric: true,
      cell: ({ bound }) => (bound === null ? '–' : format.short(bound)),
    },
  ]
  return <Table label={t('rollouts.decides')} columns={columns} rows={checks} rowKey={({ check }) => check} />
}
