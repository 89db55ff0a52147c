import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { LongRead } from '../../components/previews/long-read.tsx'
import { type Sort, sortOfText, sortText } from '../../components/previews/statistics-rows.ts'
import { StatisticsView } from '../../components/previews/statistics-view.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { OverlayPicker, useOverlayName } from './overlay-picker.tsx'
import { dataKeys, useDatasetStatistics, useOverlay } from './queries.ts'

/** What the dataset looks like, alone or with another dataset or run over it. All choices stand in the address. */
export function StatisticsTab({ projectId, dataset }: { projectId: string; dataset: string }) {
  const { t } = useTranslation()
  const query = useDatasetStatistics(projectId, dataset)
  const [overlay, setOverlay] = useSearchParam('with')
  const [column, setColumn] = useSearchParam('column')
  const [order, setOrder] = useSearchParam('sort')
  const other = useOverlay(overlay)
  const name = useOverlayName(overlay, projectId)
  const sort = useMemo(() => sortOfText(order), [order])
  const setSort = useCallback((next: Sort) => setOrder(sortText(next)), [setOrder])
  const named = useMemo(
    () => (overlay === undefined || !other.data ? undefined : { name, statistics: other.data }),
    [overlay, other.data, name],
  )
  const none = overlay !== undefined && other.data === null
  return (
    <LongRead query={query} queryKey={dataKeys.statistics(projectId, dataset)} what={t('data.computing')}>
      {(statistics) => (
        <>
          {other.error !== null && <ProblemAlert problem={problemOf(other.error)} />}
          <StatisticsView
            statistics={statistics}
            name={dataset}
            other={named}
            selection={[column, setColumn]}
            order={[sort, setSort]}
            actions={
              <>
                {other.isFetching && other.data === undefined && (
                  <span className="muted">{t('data.overlayComing')}</span>
                )}
                {none && <span className="muted">{t('data.overlayNone')}</span>}
                <OverlayPicker projectId={projectId} dataset={dataset} value={overlay} onChange={setOverlay} />
              </>
            }
          />
        </>
      )}
    </LongRead>
  )
}
