import { useTranslation } from 'react-i18next'
import { Empty } from '../../components/empty.tsx'
import { ModelIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useModels } from '../../lib/queries.ts'
import { ModelsTable } from './models-table.tsx'

export default function ModelsPage() {
  const { t } = useTranslation()
  const models = useModels()
  return (
    <Page title={t('models.title')}>
      <Loaded query={models}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon={<ModelIcon size={32} />} title={t('models.emptyTitle')} text={t('models.emptyText')} />
          ) : (
            <Panel title={t('overview.versions')} flush>
              <ModelsTable models={list} />
            </Panel>
          )
        }
      </Loaded>
    </Page>
  )
}
