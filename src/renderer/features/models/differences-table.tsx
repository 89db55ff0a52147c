import { useTranslation } from 'react-i18next'
import type { ModelVersionDetails } from '#shared/models.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { type Column, Table } from '../../components/table.tsx'
import type { TextRow } from './compare.ts'

interface DifferencesTableProps {
  label: string
  versions: readonly ModelVersionDetails[]
  rows: readonly TextRow[]
}

/** What is not the same in all versions, version by version. */
export function DifferencesTable({ label, versions, rows }: DifferencesTableProps) {
  const { t } = useTranslation()
  if (rows.length === 0) return <EmptyNote>{t('models.noDifference')}</EmptyNote>
  const columns: Column<TextRow>[] = [
    { key: 'name', label: t('common.name'), wraps: true, cell: ({ name }) => <code className="mono">{name}</code> },
    ...versions.map(
      ({ version }, index): Column<TextRow> => ({
        key: String(version),
        label: t('models.versionName', { version }),
        wraps: true,
        cell: ({ values }) => values[index] || '–',
      }),
    ),
  ]
  return <Table label={label} columns={columns} rows={rows} rowKey={({ name }) => name} />
}
