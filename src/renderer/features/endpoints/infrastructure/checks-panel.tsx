import { UnstyledButton } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { InfrastructureCheck } from '#shared/rollout.ts'
import { EmptyNote } from '../../../components/empty.tsx'
import { CrossIcon } from '../../../components/icons.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { LongText } from '../../../components/long-text.tsx'
import { Panel } from '../../../components/page.tsx'
import { StatusMark } from '../../../components/status.tsx'
import { type Column, Table } from '../../../components/table.tsx'
import { Moment } from '../../../components/time.tsx'
import { useFormat } from '../../../lib/format.ts'
import { beyondBudget, mebibyte } from './beyond.ts'
import styles from './infrastructure.module.css'
import { useInfrastructureChecks } from './queries.ts'

const shownFirst = 3

/** What versions did in a serving runtime of their own before they got traffic, the newest first. */
export function ChecksPanel({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation()
  const checks = useInfrastructureChecks(endpoint)
  const [all, setAll] = useState(false)
  return (
    <Panel title={t('infrastructure.checks')} flush>
      <Loaded query={checks}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote>{t('infrastructure.none')}</EmptyNote>
          ) : (
            <>
              <ChecksTable checks={all ? list : list.slice(0, shownFirst)} />
              {list.length > shownFirst && !all && (
                <UnstyledButton className={styles.all} onClick={() => setAll(true)}>
                  {t('infrastructure.earlier', { count: list.length - shownFirst })}
                </UnstyledButton>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}

function ChecksTable({ checks }: { checks: readonly InfrastructureCheck[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  /** A limit is written as it was set. */
  const figure = (value: number) => (Number.isInteger(value) ? format.integer(value) : format.short(value))
  const ms = (value: number | null) => (value === null ? '–' : t('infrastructure.ms', { value: figure(value) }))
  const mb = (value: number | null) => (value === null ? '–' : t('infrastructure.mb', { value: figure(value) }))
  const columns: Column<InfrastructureCheck>[] = [
    { key: 'at', label: t('infrastructure.at'), cell: ({ at }) => <Moment at={at} /> },
    { key: 'version', label: t('common.version'), cell: (check) => <Tried check={check} /> },
    { key: 'outcome', label: t('common.status'), wraps: true, cell: (check) => <Outcome check={check} /> },
    { key: 'load', label: t('infrastructure.load'), numeric: true, cell: ({ loadMs }) => ms(loadMs) },
    { key: 'answers', label: t('infrastructure.answers'), cell: (check) => <Answers check={check} /> },
    { key: 'p50', label: t('infrastructure.p50'), numeric: true, cell: ({ latencyP50Ms }) => ms(latencyP50Ms) },
    {
      key: 'p99',
      label: t('infrastructure.p99'),
      numeric: true,
      cell: (check) => (
        <Judged beyond={beyondBudget(check).latency} limit={ms(check.budget.latencyP99Ms)}>
          {ms(check.latencyP99Ms)}
        </Judged>
      ),
    },
    {
      key: 'memory',
      label: t('infrastructure.memoryTaken'),
      numeric: true,
      cell: (check) => (
        <Judged beyond={beyondBudget(check).memory} limit={mb(check.budget.memoryMb)}>
          {mb(check.memoryBytes === null ? null : check.memoryBytes / mebibyte)}
        </Judged>
      ),
    },
  ]
  return (
    <Table
      label={t('infrastructure.checks')}
      columns={columns}
      rows={checks}
      rowKey={({ at, artifactHash }) => `${at} ${artifactHash}`}
    />
  )
}

function Tried({ check: { model, version, artifactHash } }: { check: InfrastructureCheck }) {
  if (model === undefined || version === undefined) return <span className="mono">{artifactHash.slice(0, 8)}</span>
  return (
    <Link href={`/models/${encodeURIComponent(model)}/${version}`}>
      {model} {version}
    </Link>
  )
}

function Outcome({ check }: { check: InfrastructureCheck }) {
  const { t } = useTranslation()
  const { trouble } = beyondBudget(check)
  return (
    <>
      <StatusMark
        status={check.passed ? 'ok' : 'critical'}
        text={t(check.passed ? 'infrastructure.passed' : 'infrastructure.refused')}
      />
      {trouble !== undefined && (
        <div className={styles.trouble}>
          <LongText text={trouble} />
        </div>
      )}
    </>
  )
}

/** How the recorded requests were answered. */
function Answers({ check }: { check: InfrastructureCheck }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { goldenRequests, maxDifference, budget } = check
  if (goldenRequests === 0) return <span className="muted">{t('infrastructure.noneRecorded')}</span>
  if (maxDifference === null) return '–'
  const count = { count: goldenRequests, formatted: format.integer(goldenRequests) }
  if (!beyondBudget(check).answers) return t('infrastructure.answered', count)
  const difference = maxDifference === Number.MAX_VALUE ? '∞' : format.metric(maxDifference)
  return (
    <Judged beyond limit={format.metric(budget.tolerance)}>
      {t('infrastructure.answeredOtherwise', { ...count, difference })}
    </Judged>
  )
}

interface JudgedProps {
  beyond: boolean
  /** Of the budget, with its unit. */
  limit: string
  children: ReactNode
}

/** A figure beside what the budget allows, marked where it is beyond. */
function Judged({ beyond, limit, children }: JudgedProps) {
  const { t } = useTranslation()
  return (
    <span className={styles.judged} data-beyond={beyond || undefined}>
      {beyond && <CrossIcon size={12} />}
      {children} <span className={styles.limit}>{t('infrastructure.ofBudget', { limit })}</span>
    </span>
  )
}
