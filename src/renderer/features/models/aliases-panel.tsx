import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AliasMove, RegisteredModel } from '#shared/models.ts'
import { Actor } from '../../components/actor.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { LongText } from '../../components/long-text.tsx'
import { Panel } from '../../components/page.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useAliasMoves } from '../../lib/queries.ts'
import { ledgerWords } from '../../lib/words/ledger.ts'
import { useWords } from '../../lib/words/speech.ts'
import styles from './models.module.css'
import { MoveAliasDialog } from './move-alias.tsx'
import { useAliasChanges } from './use-alias-changes.ts'

/** Where the aliases stand. */
export function AliasesPanel({ model }: { model: RegisteredModel }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('common.aliases')} flush>
      <Aliases model={model} />
    </Panel>
  )
}

/** How the aliases came to stand where they do: who, what, when, why, and what it rests on. */
export function LedgerPanel({ name }: { name: string }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('models.history')} flush>
      <History name={name} />
    </Panel>
  )
}

/** Something must answer, so the champion is moved and never removed. */
const lasting = 'champion'

function Aliases({ model }: { model: RegisteredModel }) {
  const { t } = useTranslation()
  const { remove } = useAliasChanges(model)
  const [moving, setMoving] = useState<string>()
  const entries = Object.entries(model.aliases)
  if (entries.length === 0) return <EmptyNote>{t('models.noAliases')}</EmptyNote>
  const columns: Column<readonly [string, number]>[] = [
    { key: 'alias', label: t('models.alias'), cell: ([alias]) => alias },
    {
      key: 'version',
      label: t('common.version'),
      cell: ([, version]) => (
        <Link href={`/models/${encodeURIComponent(model.name)}/${version}`}>
          {t('models.versionName', { version })}
        </Link>
      ),
    },
    {
      key: 'actions',
      label: t('models.actions'),
      cell: ([alias]) => (
        <span className={styles.line}>
          <Button size="compact-xs" variant="default" onClick={() => setMoving(alias)}>
            {t('models.moveNamed', { alias })}
          </Button>
          {alias !== lasting && (
            <Button size="compact-xs" variant="default" onClick={() => remove(alias)}>
              {t('models.removeNamed', { alias })}
            </Button>
          )}
        </span>
      ),
    },
  ]
  return (
    <>
      <Table label={t('common.aliases')} columns={columns} rows={entries} rowKey={([alias]) => alias} />
      <MoveAliasDialog
        model={model}
        opened={moving !== undefined}
        alias={moving}
        onClose={() => setMoving(undefined)}
      />
    </>
  )
}

/** Where what a move rests on can be looked at: the gate's verdict, the decision of a person, the endpoint that went back. */
function Evidence({ move: { model, toVersion, evidence } }: { move: AliasMove }) {
  const { t } = useTranslation()
  const { runId, step, approvalId, endpoint, revision } = evidence
  if (runId === null && approvalId === null && endpoint === null)
    return <span className="muted">{t('gate.byHand')}</span>
  return (
    <span className={styles.evidence}>
      {runId !== null && (
        <Link href={`/runs/${runId}${step === null ? '' : `?step=${encodeURIComponent(step)}`}`}>
          {t('gate.evidenceRun')} <span className="mono">{runId.slice(-6)}</span>
        </Link>
      )}
      {endpoint !== null && revision !== null && (
        <Link href={`/endpoints/${encodeURIComponent(endpoint)}?tab=timeline`}>
          {t('gate.evidenceTakenBack', { endpoint, revision })}
        </Link>
      )}
      {approvalId !== null && toVersion !== null && (
        <Link href={`/models/${encodeURIComponent(model)}/${toVersion}`}>
          {t('gate.evidenceApproval')} <span className="mono">{approvalId.slice(-6)}</span>
        </Link>
      )}
    </span>
  )
}

function History({ name }: { name: string }) {
  const { t } = useTranslation()
  const words = useWords(ledgerWords)
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
    { key: 'reason', label: t('common.reason'), wraps: true, cell: (move) => <LongText text={words.reason(move)} /> },
    { key: 'evidence', label: t('gate.evidence'), cell: (move) => <Evidence move={move} /> },
  ]
  return (
    <Loaded query={moves}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyNote>{t('models.noHistory')}</EmptyNote>
        ) : (
          <Table label={t('models.history')} columns={columns} rows={items} rowKey={(move) => move.id} />
        )
      }
    </Loaded>
  )
}
