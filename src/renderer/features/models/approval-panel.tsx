import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Approval, ApprovalState } from '#shared/approvals.ts'
import type { ModelVersionDetails } from '#shared/models.ts'
import { Panel } from '../../components/page.tsx'
import { type Status, StatusMark } from '../../components/status.tsx'
import { Moment } from '../../components/time.tsx'
import { useApprovals, useModel } from '../../lib/queries.ts'
import styles from './models.module.css'
import { useApprovalDecision } from './use-approval-decision.ts'

const looks: Record<ApprovalState, Status> = {
  pending: 'asked',
  approved: 'blessed',
  rejected: 'rejected',
  obsolete: 'skipped',
}

/** What a gate asked about this version, and the answer in place; nothing where it did not ask. */
export function ApprovalPanel({ version }: { version: ModelVersionDetails }) {
  const { t } = useTranslation()
  const approvals = useApprovals({ model: version.model })
  const approval = approvals.data?.items.find((each) => each.version === version.version)
  if (approval === undefined) return null
  return (
    <Panel
      title={approval.state === 'pending' ? t('gate.approvalNeeded') : t('gate.approval')}
      actions={<StatusMark status={looks[approval.state]} text={t(`gate.state_${approval.state}`)} />}
      flush
    >
      <div className={styles.approval}>
        <p>
          {t('gate.askedBy')}{' '}
          <Link
            href={`/runs/${approval.runId}?step=${encodeURIComponent(approval.step)}`}
            className={styles.underlined}
          >
            {t('common.run')} <span className="mono">{approval.runId.slice(-6)}</span>
          </Link>{' '}
          <span className="muted">
            <Moment at={approval.createdAt} />
          </span>
        </p>
        <Body approval={approval} judged={version.verdict?.against?.version} />
      </div>
    </Panel>
  )
}

interface BodyProps {
  approval: Approval
  /** The version that the gate compared with. */
  judged: number | undefined
}

function Body({ approval, judged }: BodyProps) {
  const { t } = useTranslation()
  switch (approval.state) {
    case 'pending':
      return <Question approval={approval} judged={judged} />
    case 'obsolete':
      return <p>{t('gate.obsoleteText')}</p>
    case 'rejected':
      return (
        <>
          <Decision approval={approval} />
          <Reopen approval={approval} />
        </>
      )
    case 'approved':
      return <Decision approval={approval} />
  }
}

function Question({ approval, judged }: BodyProps) {
  const { t } = useTranslation()
  const model = useModel(approval.model)
  const { decide, deciding } = useApprovalDecision(approval, model.data?.aliases[approval.alias])
  const [reason, setReason] = useState('')
  const { version, alias, endpoints, rollouts } = approval
  const places = endpoints.map((endpoint) => {
    const kind = rollouts[endpoint]?.kind
    return kind === undefined ? endpoint : `${endpoint} (${t(`rollouts.kinds.${kind}`)})`
  })
  const now = model.data?.aliases[alias]
  return (
    <>
      <p>
        {t('gate.approvalText', {
          alias,
          version,
          from: now === undefined ? t('gate.fromNone') : t('gate.fromVersion', { version: now }),
          deploys: places.length === 0 ? '' : t('gate.deploys', { endpoints: places.join(', ') }),
        })}
      </p>
      {judged !== undefined && now !== undefined && judged !== now && (
        <p className={styles.worse}>{t('gate.championChanged', { judged, alias, now })}</p>
      )}
      <TextInput
        label={t('gate.reason')}
        description={t('gate.reasonHint')}
        value={reason}
        maxLength={1_000}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={styles.line}>
        <Button loading={deciding} onClick={() => decide('approve', reason)}>
          {t('gate.approve')}
        </Button>
        <Button variant="default" disabled={deciding} onClick={() => decide('reject', reason)}>
          {t('gate.reject')}
        </Button>
      </div>
    </>
  )
}

function Decision({ approval: { decision } }: { approval: Approval }) {
  const { t } = useTranslation()
  if (decision === null) return null
  return (
    <p>
      {decision.reason} <span className="muted">{t('gate.decidedBy', { actor: decision.actor })}</span>{' '}
      <span className="muted">
        <Moment at={decision.at} />
      </span>
    </p>
  )
}

function Reopen({ approval }: { approval: Approval }) {
  const { t } = useTranslation()
  const { decide, deciding } = useApprovalDecision(approval, undefined)
  return (
    <div>
      <Button variant="default" loading={deciding} onClick={() => decide('reopen', '')}>
        {t('gate.reopen')}
      </Button>
    </div>
  )
}
