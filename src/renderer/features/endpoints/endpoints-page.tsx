import { useTranslation } from 'react-i18next'
import { Empty } from '../../components/empty.tsx'
import { EndpointIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useProjectScope } from '../../lib/project-scope.ts'
import { useEndpoints } from '../../lib/queries.ts'
import { EndpointsTable } from './serving-list.tsx'

export default function EndpointsPage() {
  const { t } = useTranslation()
  const endpoints = useEndpoints()
  const [projectId] = useProjectScope()
  return (
    <Page title={t('endpoints.title')}>
      <Loaded query={endpoints}>
        {(all) => {
          const list = all.filter((endpoint) => projectId === undefined || endpoint.projectId === projectId)
          if (list.length === 0) {
            const icon = <EndpointIcon size={32} />
            return <Empty icon={icon} title={t('endpoints.emptyTitle')} text={t('endpoints.emptyText')} />
          }
          return (
            <Panel title={t('overview.serving')} flush>
              <EndpointsTable endpoints={list} live />
            </Panel>
          )
        }}
      </Loaded>
    </Page>
  )
}
