import { useTranslation } from 'react-i18next'
import { Empty } from '../../components/empty.tsx'
import { EndpointIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useEndpoints } from '../../lib/queries.ts'
import { EndpointsTable } from './serving-list.tsx'

export default function EndpointsPage() {
  const { t } = useTranslation()
  const endpoints = useEndpoints()
  return (
    <Page title={t('endpoints.title')}>
      <Loaded query={endpoints}>
        {(list) =>
          list.length === 0 ? (
            <Empty
              icon={<EndpointIcon size={32} />}
              title={t('endpoints.emptyTitle')}
              text={t('endpoints.emptyText')}
            />
          ) : (
            <Panel title={t('overview.serving')} flush>
              <EndpointsTable endpoints={list} />
            </Panel>
          )
        }
      </Loaded>
    </Page>
  )
}
