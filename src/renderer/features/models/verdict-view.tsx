import { useTranslation } from 'react-i18next'
import type { GateCheck, Verdict } from '#shared/gate.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'

/** What the gate said, check by check. */
export function VerdictView({ verdict }: { verdict: Verdict | undefined }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (verdict === undefined) return <EmptyNote>{t('models.noVerdict')}</EmptyNote>
  const shown = (value: number | null) => (value === null ? '–' : format.metric(value))
  const columns: Column<GateCheck>[] = [
    { key: 'check', label: t('models.check'), wraps: true, cell: ({ check }) => check },
    { key: 'value', label: t('run.value'), numeric: true, cell: ({ value }) => shown(value) },
    { key: 'limit', label: t('models.limit'), numeric: true, cell: ({ limit }) => shown(limit) },
    { key: 'passed', label: t('common.status'), cell: ({ passed }) => <PassedMark passed={passed} /> },
    { key: 'reason', label: t('common.reason'), wraps: true, cell: ({ reason }) => reason },
  ]
  return (
    <>
      <p style={{ margin: 0, padding: '12px 14px' }}>
        {verdict.reason} {verdict.against !== undefined && t('models.against', verdict.against)}
      </p>
      {verdict.checks.length > 0 && (
        <Table label={t('models.checks')} columns={columns} rows={verdict.checks} rowKey={({ check }) => check} />
      )}
    </>
  )
}

function PassedMark({ passed }: { passed: boolean }) {
  const { t } = useTranslation()
  return <StatusMark status={passed ? 'blessed' : 'rejected'} text={t(passed ? 'models.passed' : 'models.notPassed')} />
}
