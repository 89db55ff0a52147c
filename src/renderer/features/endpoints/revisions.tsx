import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Endpoint, Revision } from '#shared/models.ts'
import { Actor } from '../../components/actor.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { LongText } from '../../components/long-text.tsx'
import { Panel } from '../../components/page.tsx'
import { Pill } from '../../components/pill.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useRevisions } from '../../lib/queries.ts'
import { ledgerWords } from '../../lib/words/ledger.ts'
import { useWords } from '../../lib/words/speech.ts'
import { useRollBackWithUndo } from './use-roll-back.ts'

/** All that answered here, newest first; any of them can answer again. */
export function Revisions({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  const words = useWords(ledgerWords)
  const revisions = useRevisions(endpoint.name)
  const rollBack = useRollBackWithUndo(endpoint)
  const isCurrent = ({ id }: Revision) => id === endpoint.revision?.id
  const columns: Column<Revision>[] = [
    {
      key: 'number',
      label: t('endpoints.revision'),
      cell: (revision) => (
        <>
          {revision.number} {isCurrent(revision) && <Pill>{t('endpoints.current')}</Pill>}
        </>
      ),
    },
    {
      key: 'version',
      label: t('common.version'),
      cell: ({ model, version }) => (
        <Link href={`/models/${encodeURIComponent(model)}/${version}`}>
          {model} {version}
        </Link>
      ),
    },
    { key: 'at', label: t('common.created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { key: 'actor', label: t('common.actor'), cell: ({ actor }) => <Actor actor={actor} /> },
    {
      key: 'reason',
      label: t('common.reason'),
      wraps: true,
      cell: (revision) => <LongText text={words.reason(revision)} />,
    },
    {
      key: 'actions',
      label: t('models.actions'),
      cell: (revision) =>
        !isCurrent(revision) && (
          <Button
            size="compact-xs"
            variant="default"
            disabled={rollBack.isPending}
            onClick={() => rollBack.to(revision.number)}
          >
            {t('endpoints.rollBackTo', { revision: revision.number })}
          </Button>
        ),
    },
  ]
  return (
    <Panel title={t('endpoints.revisions')} flush>
      <Loaded query={revisions}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote>{t('endpoints.noRevisions')}</EmptyNote>
          ) : (
            <Table
              label={t('endpoints.revisions')}
              columns={columns}
              rows={list}
              rowKey={({ id }) => id}
              selected={isCurrent}
            />
          )
        }
      </Loaded>
    </Panel>
  )
}
