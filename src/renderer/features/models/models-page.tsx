import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../components/empty.tsx'
import { ModelIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useProjectScope } from '../../lib/project-scope.ts'
import { useModels } from '../../lib/queries.ts'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { ImportDialog } from './import/import-dialog.tsx'
import { ModelsTable } from './models-table.tsx'

/** The registry: every model of the project at work on. */
export default function ModelsPage() {
  const { t } = useTranslation()
  const models = useModels()
  const [projectId] = useProjectScope()
  const [importing, setImporting] = useSearchParam('import')
  return (
    <Page
      title={t('models.title')}
      actions={
        <Button variant="default" onClick={() => setImporting('onnx')}>
          {t('modelImport.open')}
        </Button>
      }
    >
      <Loaded query={models}>
        {(all) => {
          const list = all.filter((model) => projectId === undefined || model.projectId === projectId)
          if (list.length === 0) {
            return <Empty icon={<ModelIcon size={32} />} title={t('models.emptyTitle')} text={t('models.emptyText')} />
          }
          return (
            <Panel title={t('models.registry')} flush>
              <ModelsTable models={list} />
            </Panel>
          )
        }}
      </Loaded>
      <ImportDialog opened={importing !== undefined} onClose={() => setImporting(undefined)} />
    </Page>
  )
}
