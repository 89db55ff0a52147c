import { useTranslation } from 'react-i18next'
import { mainMetric } from '#shared/metrics.ts'
import type { ModelVersionDetails } from '#shared/models.ts'
import { Panel } from '../../components/page.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { useFormat } from '../../lib/format.ts'
import { type SliceDifference, sliceDifferences } from './compare.ts'

const shownSlices = 15

/** The slices where the versions differ most; nothing where there are none to compare. */
export function CompareSlices({ versions }: { versions: readonly ModelVersionDetails[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const task = versions[0]?.manifest.signature.task
  const metric = task === undefined ? '' : mainMetric[task]
  const all = sliceDifferences(
    versions.map(({ evaluation }) => evaluation?.content.slices ?? []),
    metric,
  )
  if (all.length === 0) return null
  const columns: Column<SliceDifference>[] = [
    { key: 'slice', label: t('models.slice'), wraps: true, cell: ({ column, value }) => `${column} = ${value}` },
    { key: 'rows', label: t('models.rows'), numeric: true, cell: ({ rows }) => format.integer(rows) },
    ...versions.map(
      ({ version }, index): Column<SliceDifference> => ({
        key: `version ${version}`,
        label: t('models.versionName', { version }),
        numeric: true,
        cell: ({ values }) => (values[index] === undefined ? '–' : format.metric(values[index])),
      }),
    ),
    { key: 'range', label: t('models.range'), numeric: true, cell: ({ range }) => format.metric(range) },
  ]
  const title = t('models.sliceDifferences', { metric })
  return (
    <Panel title={title} flush>
      <Table
        label={title}
        columns={columns}
        rows={all.slice(0, shownSlices)}
        rowKey={({ column, value }) => `${column} ${value}`}
      />
    </Panel>
  )
}
