import { useTranslation } from 'react-i18next'
import type { ReplayResult, Span } from '#shared/backtest.ts'
import { policyRuleText } from '#shared/backtest-policy-text.ts'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'

interface TotalsTableProps {
  results: readonly ReplayResult[]
  spans: readonly Span[]
  metric: string
}

/** The policies beside each other. */
export function TotalsTable({ results, spans, metric }: TotalsTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const figure = (value: number | null) => (value === null ? '–' : format.metric(value))
  const columns: Column<ReplayResult>[] = [
    { key: 'policy', label: t('backtest.policy'), cell: ({ policy }) => policy.name },
    {
      key: 'rule',
      label: t('backtest.rule'),
      wraps: true,
      cell: ({ policy }) => <code className="mono">{policyRuleText(policy)}</code>,
    },
    {
      key: 'mean',
      label: t('backtest.mean', { metric }),
      numeric: true,
      cell: ({ totals }) => figure(totals.meanScore),
    },
    {
      key: 'gain',
      label: t('backtest.gain'),
      numeric: true,
      cell: ({ totals }) => (totals.meanGain === null ? '–' : format.signed(totals.meanGain)),
    },
    {
      key: 'worst',
      label: t('backtest.worst'),
      numeric: true,
      cell: ({ totals }) =>
        totals.worstSpan === null ? '–' : `${figure(totals.worstScore)} (${spans[totals.worstSpan]?.label ?? ''})`,
    },
    {
      key: 'retrainings',
      label: t('backtest.retrainings'),
      numeric: true,
      cell: ({ totals }) => t('backtest.promotedOf', { count: totals.retrainings, promoted: totals.promotions }),
    },
    {
      key: 'compute',
      label: t('backtest.compute'),
      numeric: true,
      cell: ({ totals }) => format.duration(totals.computeSeconds * 1_000),
    },
  ]
  return <Table label={t('backtest.totals')} columns={columns} rows={results} rowKey={({ policy }) => policy.name} />
}
