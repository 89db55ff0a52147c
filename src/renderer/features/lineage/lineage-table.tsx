import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { LineageNode } from '#shared/lineage.ts'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { neighbours, type ShownGraph } from './graph-state.ts'
import { lineageHref } from './links.ts'

/** The same as the graph, to be read line by line. */
export function LineageTable({ graph, selected }: { graph: ShownGraph; selected: string }) {
  const { t } = useTranslation()
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const named = (ids: readonly string[]) => ids.map((id) => byId.get(id)?.label ?? id).join(', ')
  const columns: Column<LineageNode>[] = [
    { key: 'kind', label: t('lineage.kind'), cell: ({ kind }) => t(`lineage.kinds.${kind}`) },
    {
      key: 'name',
      label: t('common.name'),
      wraps: true,
      cell: ({ id, label, detail }) => (
        <>
          <Link href={lineageHref(id)}>{label}</Link>
          <div className="muted">{detail}</div>
        </>
      ),
    },
    { key: 'state', label: t('lineage.state'), cell: ({ state }) => state ?? '' },
    {
      key: 'from',
      label: t('lineage.madeOf'),
      wraps: true,
      cell: ({ id }) => named(neighbours(graph.edges, id, 'upstream')),
    },
    {
      key: 'to',
      label: t('lineage.usedBy'),
      wraps: true,
      cell: ({ id }) => named(neighbours(graph.edges, id, 'downstream')),
    },
    { key: 'at', label: t('lineage.since'), cell: ({ at }) => (at === null ? '' : <Moment at={at} />) },
  ]
  return (
    <Table
      label={t('lineage.table')}
      columns={columns}
      rows={graph.nodes}
      rowKey={({ id }) => id}
      selected={({ id }) => id === selected}
    />
  )
}
