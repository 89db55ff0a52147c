import { Button, Tabs } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Run, StepExecution } from '#shared/runs.ts'
import { Fact, Facts } from '../../../components/facts.tsx'
import { RetryIcon } from '../../../components/icons.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { Panel } from '../../../components/page.tsx'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { StatusMark } from '../../../components/status.tsx'
import { Duration } from '../../../components/time.tsx'
import { problemOf } from '../../../lib/api.ts'
import { isEnded } from '../../../lib/cache-updates.ts'
import { useSearchParam } from '../../../lib/use-search-param.ts'
import { sentenceWords } from '../../../lib/words/sentences.ts'
import { useWords } from '../../../lib/words/speech.ts'
import { parameterText } from '../../pipelines/parameter-value.ts'
import { CachedPill } from '../cached-pill.tsx'
import { useRetryRun, useRunPlan } from '../queries.ts'
import styles from './step.module.css'
import { StepInputs, StepOutputs } from './step-artifacts.tsx'

const parts = ['result', 'options', 'inputs', 'outputs'] as const

interface StepPanelProps {
  run: Run
  step: StepExecution
  onClose: () => void
}

/** One step of a run: how it went, with what options, from which inputs, and what it made. */
export function StepPanel({ run, step, onClose }: StepPanelProps) {
  const { t } = useTranslation()
  const [part, setPart] = useSearchParam('part')
  const shown = parts.find((each) => each === part) ?? 'result'
  return (
    <Panel
      title={t('run.stepDetails', { step: step.name })}
      actions={
        <>
          <StatusMark status={step.status} />
          {isEnded(run.status) && <RetryFrom run={run} step={step} />}
          <Button variant="subtle" size="compact-xs" onClick={onClose}>
            {t('run.deselect')}
          </Button>
        </>
      }
      flush
    >
      <Tabs
        value={shown}
        onChange={(value) => setPart(value === 'result' || value === null ? undefined : value)}
        keepMounted={false}
      >
        <Tabs.List>
          {parts.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`step.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="result" className={styles.part}>
          <StepResult step={step} />
        </Tabs.Panel>
        <Tabs.Panel value="options" className={styles.part}>
          <StepOptions run={run} step={step} />
        </Tabs.Panel>
        <Tabs.Panel value="inputs" className={styles.part}>
          <StepInputs run={run} step={step} />
        </Tabs.Panel>
        <Tabs.Panel value="outputs" className={styles.part}>
          <StepOutputs run={run} step={step} />
        </Tabs.Panel>
      </Tabs>
    </Panel>
  )
}

function RetryFrom({ run, step }: { run: Run; step: StepExecution }) {
  const { t } = useTranslation()
  const retry = useRetryRun(run.id)
  return (
    <>
      {retry.error !== null && <ProblemAlert problem={problemOf(retry.error)} />}
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<RetryIcon size={13} />}
        loading={retry.isPending}
        onClick={() => retry.mutate({ params: { id: run.id }, query: { from: step.name } })}
      >
        {t('run.retryFrom')}
      </Button>
    </>
  )
}

function StepResult({ step }: { step: StepExecution }) {
  const { t } = useTranslation()
  const sentences = useWords(sentenceWords)
  return (
    <>
      {step.error !== null && <ProblemAlert problem={step.error} />}
      <Facts>
        <Fact label={t('run.component')}>
          <code className="mono">{step.component}</code>
        </Fact>
        <Fact label={t('common.duration')}>
          <Duration startedAt={step.startedAt} finishedAt={step.finishedAt} />{' '}
          {step.cached && <CachedPill step={step} />}
        </Fact>
        {step.attempt > 1 && <Fact label={t('step.attempts')}>{step.attempt}</Fact>}
        {step.reason !== null && <Fact label={t('common.reason')}>{sentences.text(step.reason)}</Fact>}
        {Object.entries(step.values).map(([name, value]) => (
          <Fact key={name} label={name}>
            <code className="mono">{parameterText(value)}</code>
          </Fact>
        ))}
      </Facts>
    </>
  )
}

function StepOptions({ run, step }: { run: Run; step: StepExecution }) {
  const { t } = useTranslation()
  const plan = useRunPlan(run.id)
  return (
    <Loaded query={plan}>
      {({ steps }) => {
        const planned = steps.find((each) => each.name === step.name)
        const options = Object.entries(planned?.options ?? {})
        return (
          <Facts>
            {options.length === 0 && t('step.noOptions')}
            {options.map(([name, value]) => (
              <Fact key={name} label={name}>
                <code className="mono">{parameterText(value)}</code>
              </Fact>
            ))}
            {planned?.when != null && (
              <Fact label={t('step.when')}>
                <code className="mono">{planned.when}</code>
              </Fact>
            )}
          </Facts>
        )
      }}
    </Loaded>
  )
}
