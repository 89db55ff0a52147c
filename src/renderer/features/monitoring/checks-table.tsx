import { UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { MonitorState, Reading } from '#shared/monitors.ts'
import { Pill } from '../../components/pill.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'
import styles from './monitoring.module.css'

interface Row {
  readonly check: MonitorState['checks'][number]
  readonly reading: Reading | null
}

interface ChecksTableProps {
  monitor: MonitorState
  chosen: string | undefined
  onChoose: (check: string) => void
}

/** Each check with its newest reading; the chosen one is shown below. */
export function ChecksTable({ monitor, chosen, onChoose }: ChecksTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useWords(readingWords)
  const rows: Row[] = monitor.checks.map((check) => ({
    check,
    reading: monitor.latest.find((each) => each.check === check.name)?.reading ?? null,
  }))
  const columns: Column<Row>[] = [
    {
      key: 'check',
      label: t('monitoring.check'),
      cell: ({ check }) => (
        <UnstyledButton
          className={styles.check}
          aria-pressed={check.name === chosen}
          onClick={() => onChoose(check.name)}
        >
          {check.name}
        </UnstyledButton>
      ),
    },
    {
      key: 'kind',
      label: t('monitoring.kind'),
      wraps: true,
      cell: ({ check }) => t(`monitoring.kinds.${check.spec.kind}`),
    },
    {
      key: 'status',
      label: t('common.status'),
      cell: ({ reading }) => <StatusMark status={reading?.status ?? 'no-data'} />,
    },
    {
      key: 'value',
      label: t('monitoring.value'),
      numeric: true,
      cell: ({ reading }) => (reading === null ? '–' : <Value reading={reading} />),
    },
    {
      key: 'warning',
      label: t('monitoring.warningWhen'),
      numeric: true,
      cell: ({ reading }) => (reading === null ? '–' : words.limit(reading.limits.warning, reading.unit)),
    },
    {
      key: 'critical',
      label: t('monitoring.criticalWhen'),
      numeric: true,
      cell: ({ reading }) => (reading === null ? '–' : words.limit(reading.limits.critical, reading.unit)),
    },
    {
      key: 'rows',
      label: t('monitoring.rows'),
      numeric: true,
      cell: ({ reading }) => (reading === null ? '–' : format.integer(reading.rows)),
    },
    { key: 'at', label: t('monitoring.at'), cell: ({ reading }) => reading && <Moment at={reading.at} /> },
  ]
  return (
    <div className={styles.wide}>
      <Table
        label={t('monitoring.checks')}
        columns={columns}
        rows={rows}
        rowKey={({ check }) => check.name}
        selected={({ check }) => check.name === chosen}
      />
    </div>
  )
}

function Value({ reading }: { reading: Reading }) {
  const { t } = useTranslation()
  const words = useWords(readingWords)
  return (
    <>
      {reading.estimate && <Pill>{t('monitoring.estimate')}</Pill>} {words.value(reading.value, reading.unit)}{' '}
      <span className="muted">{words.interval(reading)}</span>
    </>
  )
}
