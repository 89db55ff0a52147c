import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Rollout } from '#shared/rollout.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Panel } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'
import { Moment } from '../../components/time.tsx'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { ledgerWords } from '../../lib/words/ledger.ts'
import { useWords } from '../../lib/words/speech.ts'
import { ArmsTable } from './arms-table.tsx'
import { ChecksTable } from './checks-table.tsx'
import { useAbortRollout, usePromoteRollout } from './queries.ts'
import styles from './rollouts.module.css'
import { ShadowFigures } from './shadow-figures.tsx'
import { markOf } from './states.ts'

/** One rollout: who gets what share, what decides, and the figures of both versions side by side. */
export function RolloutView({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation()
  const { spec, state, version } = rollout
  return (
    <Panel
      title={
        <span className={styles.title}>
          {t(`rollouts.titleOf.${spec.kind}`, { version })}
          <StatusMark status={markOf[state]} text={t(`rollouts.states.${state}`)} pill />
        </span>
      }
      actions={state === 'running' && <Controls rollout={rollout} />}
    >
      <div className={styles.stack}>
        <ShareBar rollout={rollout} />
        <About rollout={rollout} />
        <ArmsTable rollout={rollout} />
        {rollout.figures.shadow !== null && <ShadowFigures figures={rollout.figures.shadow} />}
        {rollout.checks.length > 0 && <ChecksTable checks={rollout.checks} />}
        {rollout.result !== null && (
          <p className={styles.line}>
            <strong>{t('rollouts.result')}</strong>{' '}
            {t(`rollouts.verdicts.${rollout.result.verdict}`, { metric: rollout.result.metric })}
          </p>
        )}
      </div>
    </Panel>
  )
}

function Controls({ rollout: { endpoint, id } }: { rollout: Rollout }) {
  const { t } = useTranslation()
  const promote = usePromoteRollout(endpoint)
  const abort = useAbortRollout(endpoint)
  const request = { params: { name: endpoint, id }, body: {} }
  const error = promote.error ?? abort.error
  const isPending = promote.isPending || abort.isPending
  return (
    <>
      {error !== null && <ProblemAlert problem={problemOf(error)} />}
      <Button size="xs" variant="default" disabled={isPending} onClick={() => abort.mutate(request)}>
        {t('rollouts.abort')}
      </Button>
      <Button size="xs" disabled={isPending} onClick={() => promote.mutate(request)}>
        {t('rollouts.promote')}
      </Button>
    </>
  )
}

/** The share of the new version, and where its steps lie. */
function ShareBar({ rollout: { spec, share, version, stable } }: { rollout: Rollout }) {
  const { t } = useTranslation()
  const format = useFormat()
  const steps = spec.kind === 'canary' ? spec.steps : []
  const label = t('rollouts.shareLabel', {
    version,
    share: format.share(share),
    stable: stable.version,
    rest: format.share(1 - share),
  })
  return (
    <div>
      <div className={styles.bar} role="img" aria-label={label}>
        <span style={{ width: `${100 * share}%` }} />
        {steps.map((step) => (
          <i key={step} style={{ left: `${100 * step}%` }} />
        ))}
      </div>
      <p className={styles.line}>{label}</p>
    </div>
  )
}

function About({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation()
  const words = useWords(ledgerWords)
  const format = useFormat()
  const { spec, model, version, revision, stable, actor, reason, createdAt, endedAt, step, stepSince, state } = rollout
  return (
    <Facts>
      <Fact label={t('rollouts.candidate')}>
        <Link href={`/models/${encodeURIComponent(model)}/${version}`}>{`${model} ${version}`}</Link>{' '}
        <span className="muted">{t('rollouts.revision', { revision })}</span>
      </Fact>
      <Fact label={t('rollouts.stable')}>
        <Link href={`/models/${encodeURIComponent(stable.model)}/${stable.version}`}>
          {`${stable.model} ${stable.version}`}
        </Link>{' '}
        <span className="muted">{t('rollouts.revision', { revision: stable.revision })}</span>
      </Fact>
      {spec.kind === 'canary' && (
        <Fact label={t('rollouts.step')}>
          {t('rollouts.stepOf', {
            step: Math.min(step + 1, spec.steps.length),
            of: spec.steps.length,
            hold: spec.hold,
            requests: format.integer(spec.minimumRequests),
          })}
        </Fact>
      )}
      {state === 'running' && (
        <Fact label={t('rollouts.since')}>
          <Moment at={stepSince} />
        </Fact>
      )}
      <Fact label={t('rollouts.started')}>
        <Moment at={createdAt} /> <span className="muted">{actor}</span>
      </Fact>
      {endedAt !== null && (
        <Fact label={t('rollouts.ended')}>
          <Moment at={endedAt} />
        </Fact>
      )}
      {reason !== '' && <Fact label={t('common.reason')}>{words.reason(rollout)}</Fact>}
    </Facts>
  )
}
