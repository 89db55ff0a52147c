import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Statistics } from '#shared/statistics.ts'
import { PagedTable } from '../../components/previews/paged-table.tsx'
import { dataKeys, useDatasetSource } from './queries.ts'

/** The rows of the dataset. Shares of missing values stand in the header once the statistics have been looked at. */
export function RowsTab({ projectId, dataset }: { projectId: string; dataset: string }) {
  const { t } = useTranslation()
  const source = useDatasetSource(projectId, dataset)
  const client = useQueryClient()
  const statistics = client.getQueryData<Statistics>(dataKeys.statistics(projectId, dataset))
  const missing = useMemo(() => statistics && missingShares(statistics), [statistics])
  return <PagedTable label={t('preview.rowsOf', { name: dataset })} source={source} missing={missing} />
}

function missingShares({ rows, columns }: Statistics): Map<string, number> {
  return new Map(columns.map(({ name, missing }) => [name, rows === 0 ? 0 : missing / rows]))
}
