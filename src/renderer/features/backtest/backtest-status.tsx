import { useTranslation } from 'react-i18next'
import type { BacktestSummary } from '#shared/backtest.ts'
import { type Status, StatusMark } from '../../components/status.tsx'

const looks: Readonly<Record<BacktestSummary['status'], Status>> = {
  running: 'running',
  succeeded: 'succeeded',
  incomplete: 'unavailable',
  failed: 'failed',
  cancelled: 'cancelled',
}

export function BacktestStatus({ status, pill = false }: { status: BacktestSummary['status']; pill?: boolean }) {
  const { t } = useTranslation()
  const text = status === 'incomplete' ? t('backtest.incomplete') : t(`status.${status}`)
  return <StatusMark status={looks[status]} pill={pill} text={text} />
}
