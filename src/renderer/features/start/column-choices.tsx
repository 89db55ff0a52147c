import { Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DataFileAdvice } from '#shared/data.ts'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'
import { columnWords } from '../../lib/words/columns.ts'
import { useWords } from '../../lib/words/speech.ts'
import styles from './start.module.css'

interface ColumnChoicesProps {
  advice: DataFileAdvice
  busy: boolean
  /** What the person decided against the advice. */
  use: Readonly<Record<string, boolean>>
  onUse: (name: string, value: boolean) => void
}

type Row = DataFileAdvice['columns'][number]

/** What was inferred of each column, and whether the model sees it. */
export function ColumnChoices({ advice, busy, use, onUse }: ColumnChoicesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useWords(columnWords)
  const { rows } = advice.statistics
  const statistics = new Map(advice.statistics.columns.map((column) => [column.name, column]))
  const columns: Column<Row>[] = [
    {
      key: 'use',
      label: t('start.use'),
      cell: ({ name, use: advised }) =>
        name === advice.target ? (
          <span className={styles.targetMark}>{t('start.isTarget')}</span>
        ) : (
          <Switch
            size="xs"
            aria-label={t('start.useColumn', { name })}
            checked={use[name] ?? advised}
            onChange={(event) => onUse(name, event.currentTarget.checked)}
          />
        ),
    },
    { key: 'name', label: t('common.name'), cell: ({ name }) => name },
    {
      key: 'type',
      label: t('models.type'),
      cell: ({ name }) => t(`start.types.${statistics.get(name)?.type ?? 'other'}`),
    },
    {
      key: 'missing',
      label: t('start.missingShare'),
      numeric: true,
      cell: ({ name }) => format.percent((statistics.get(name)?.missing ?? 0) / Math.max(1, rows)),
    },
    {
      key: 'distinct',
      label: t('start.distinct'),
      numeric: true,
      cell: ({ name }) => format.integer(statistics.get(name)?.distinct ?? 0),
    },
    {
      key: 'reason',
      label: t('common.reason'),
      wraps: true,
      cell: ({ why }) => (why === null ? '' : words.reason(why)),
    },
  ]
  return (
    <div aria-busy={busy || undefined} className={styles.columns}>
      <Table label={t('start.columns')} columns={columns} rows={advice.columns} rowKey={({ name }) => name} />
    </div>
  )
}
