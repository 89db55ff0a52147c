import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { AliasMove, RegisteredModel } from '#shared/models.ts'
import { Actor } from '../../components/actor.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { TagIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useAliasMoves, useModel, useModelVersions } from '../../lib/queries.ts'
import { AliasTargets } from './models-table.tsx'
import { MoveAliasDialog } from './move-alias.tsx'
import { VersionsTable } from './versions-table.tsx'

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
      <Loaded query={model}>
        {({ description }) => (
          <>
            {description !== '' && <p style={{ margin: 0 }}>{description}</p>}
            <Versions name={name} />
            <History name={name} />
          </>
        )}
      </Loaded>
    </Page>
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

function Versions({ name }: { name: string }) {
  const { t } = useTranslation()
  const versions = useModelVersions(name)
  return (
    <Panel title={t('models.versions')} flush>
      <Loaded query={versions}>{({ items }) => <VersionsTable versions={items} />}</Loaded>
    </Panel>
  )
}

function History({ name }: { name: string }) {
  const { t } = useTranslation()
  const moves = useAliasMoves(name)
  const columns: Column<AliasMove>[] = [
    { key: 'alias', label: t('models.alias'), cell: (move) => move.alias },
    {
      key: 'move',
      label: t('common.version'),
      cell: (move) =>
        t('models.movedFromTo', {
          from: move.fromVersion ?? t('common.none'),
          to: move.toVersion ?? t('models.removed'),
        }),
    },
    { key: 'at', label: t('common.created'), cell: (move) => <Moment at={move.at} /> },
    { key: 'actor', label: t('common.actor'), cell: (move) => <Actor actor={move.actor} /> },
    { key: 'reason', label: t('common.reason'), wraps: true, cell: (move) => move.reason },
  ]
  return (
    <Panel title={t('models.history')} flush>
      <Loaded query={moves}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyNote>{t('models.noHistory')}</EmptyNote>
          ) : (
            <Table label={t('models.history')} columns={columns} rows={items} rowKey={(move) => move.id} />
          )
        }
      </Loaded>
    </Panel>
  )
}
