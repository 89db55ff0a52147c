import { Button, SegmentedControl } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '#shared/models.ts'
import { Empty } from '../../components/empty.tsx'
import { HistoryIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { useTimeline } from './queries.ts'
import styles from './timeline.module.css'
import { Entry } from './timeline-entry.tsx'

/** What happened to an endpoint and what followed from what, each entry with its evidence one click away. */
export function TimelineTab({ endpoint: { name } }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  const [asked, ask] = useSearchParam('order')
  const order = asked === 'oldest' ? 'oldest' : 'newest'
  const { pages, entries } = useTimeline(name, order)
  const byId = useMemo(() => new Map(entries.map((entry) => [entry.id, entry])), [entries])
  return (
    <Panel
      title={t('timeline.title')}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('timeline.order')}
          value={order}
          data={[
            { value: 'newest', label: t('timeline.newest') },
            { value: 'oldest', label: t('timeline.oldest') },
          ]}
          onChange={(value) => ask(value === 'oldest' ? value : undefined)}
        />
      }
    >
      <Loaded query={pages} lines={8}>
        {() =>
          entries.length === 0 ? (
            <Empty icon={<HistoryIcon size={32} />} title={t('timeline.emptyTitle')} text={t('timeline.emptyText')} />
          ) : (
            <ol className={styles.timeline} aria-label={t('timeline.title')}>
              {entries.map((entry) => (
                <Entry
                  key={entry.id}
                  entry={entry}
                  cause={entry.follows === null ? undefined : byId.get(entry.follows)}
                />
              ))}
            </ol>
          )
        }
      </Loaded>
      {pages.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t(order === 'newest' ? 'timeline.older' : 'timeline.newer')}
        </Button>
      )}
    </Panel>
  )
}
