import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { RegisteredModel } from '#shared/models.ts'
import { TagIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { useModel, useModelVersions } from '../../lib/queries.ts'
import { AliasesPanel, LedgerPanel } from './aliases-panel.tsx'
import { Description } from './description.tsx'
import { MetricOverVersions } from './metric-over-versions.tsx'
import styles from './models.module.css'
import { AliasTargets } from './models-table.tsx'
import { MoveAliasDialog } from './move-alias.tsx'
import { VersionsPanel } from './versions-panel.tsx'

/** A registered model: its versions, and how its aliases moved. */
export default function ModelPage({ name }: { name: string }) {
  const { t } = useTranslation()
  const model = useModel(name)
  return (
    <Page
      title={name}
      mark={model.data && <AliasTargets aliases={model.data.aliases} />}
      crumbs={[{ label: t('models.title'), href: '/models' }]}
      actions={model.data && <MoveAliasButton model={model.data} />}
    >
      <Loaded query={model}>{(data) => <ModelView model={data} />}</Loaded>
    </Page>
  )
}

function ModelView({ model }: { model: RegisteredModel }) {
  const { t } = useTranslation()
  const versions = useModelVersions(model.name)
  return (
    <>
      <Description model={model} />
      <Loaded query={versions}>
        {({ items }) => (
          <>
            <VersionsPanel name={model.name} versions={items} />
            <div className={styles.columns}>
              <Panel title={t('models.overVersions')}>
                <MetricOverVersions versions={items} />
              </Panel>
              <AliasesPanel model={model} />
            </div>
            <LedgerPanel name={model.name} />
          </>
        )}
      </Loaded>
    </>
  )
}

function MoveAliasButton({ model }: { model: RegisteredModel }) {
  const { t } = useTranslation()
  const [opened, dialog] = useDisclosure()
  return (
    <>
      <Button
        variant="default"
        leftSection={<TagIcon size={14} />}
        disabled={model.latestVersion === null}
        onClick={dialog.open}
      >
        {t('models.moveAlias')}
      </Button>
      <MoveAliasDialog model={model} opened={opened} onClose={dialog.close} />
    </>
  )
}
