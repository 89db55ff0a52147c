import { Button, Group, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { type RunStatus, runStatusSchema } from '#shared/runs.ts'
import { Empty, EmptyNote } from '../../components/empty.tsx'
import { RunIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useProjects, useRunPages } from '../../lib/queries.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { RunsTable } from './runs-table.tsx'

export default function RunsPage() {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const [projectId] = useSearchParam('project')
  const [status] = useSearchParam('status')
  const known = runStatusSchema.safeParse(status).data
  const runs = useRunPages({ projectId, status: known })
  const filtered = projectId !== undefined || known !== undefined
  return (
    <Page title={t('runs.title')} actions={<Filters projectId={projectId} status={known} />}>
      <Loaded query={runs} lines={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          if (items.length === 0 && !filtered) {
            return (
              <Empty icon={<RunIcon size={32} />} title={t('runs.emptyTitle')} text={t('runs.emptyText')}>
                <Button onClick={() => navigate('/pipelines')}>{t('runs.goToPipelines')}</Button>
              </Empty>
            )
          }
          return (
            <Panel title={t('runs.title')} flush>
              {items.length === 0 ? <EmptyNote>{t('runs.noMatch')}</EmptyNote> : <RunsTable runs={items} />}
            </Panel>
          )
        }}
      </Loaded>
      {runs.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={runs.isFetchingNextPage} onClick={() => runs.fetchNextPage()}>
            {t('common.more')}
          </Button>
        </Group>
      )}
    </Page>
  )
}

function Filters({ projectId, status }: { projectId: string | undefined; status: RunStatus | undefined }) {
  const { t } = useTranslation()
  const projects = useProjects()
  const [, setProject] = useSearchParam('project')
  const [, setStatus] = useSearchParam('status')
  return (
    <>
      <Select
        aria-label={t('common.project')}
        w={180}
        value={projectId ?? ''}
        data={[
          { value: '', label: t('runs.allProjects') },
          ...(projects.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(value) => setProject(value || undefined)}
      />
      <Select
        aria-label={t('common.status')}
        w={150}
        value={status ?? ''}
        data={[
          { value: '', label: t('runs.allStatuses') },
          ...runStatusSchema.options.map((value) => ({ value, label: t(`status.${value}`) })),
        ]}
        onChange={(value) => setStatus(value || undefined)}
      />
    </>
  )
}
