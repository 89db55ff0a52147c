import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../lib/api.ts'
import { PagedTable } from './paged-table.tsx'
import type { RowSource } from './use-rows.ts'

/** The rows of a Parquet file of an artifact. It fills its parent, which must have a height. */
export function TablePreview({ hash, file }: { hash: string; file: string }) {
  const { t } = useTranslation()
  const source = useMemo<RowSource>(
    () => ({
      key: ['artifact-table', hash, file],
      load: (offset, limit, signal) =>
        call('readArtifactTable', { params: { hash, file }, query: { offset, limit } }, { signal }),
    }),
    [hash, file],
  )
  return <PagedTable label={t('preview.rowsOf', { name: file })} source={source} />
}
