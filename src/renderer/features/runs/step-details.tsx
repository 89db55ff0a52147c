import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { StepExecution } from '#shared/runs.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Panel } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { StatusMark } from '../../components/status.tsx'

/** Enough of a hash to tell artifacts apart. */
const shownHashLength = 12

/** What a selected step reported and made. */
export function StepDetails({ step, onClose }: { step: StepExecution; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Panel
      title={t('run.stepDetails', { step: step.name })}
      actions={
        <>
          <StatusMark status={step.status} />
          <Button variant="subtle" size="compact-xs" onClick={onClose}>
            {t('run.deselect')}
          </Button>
        </>
      }
    >
      <Facts>
        <Fact label={t('run.component')}>
          <code className="mono">{step.component}</code>
        </Fact>
        {step.reason !== null && <Fact label={t('common.reason')}>{step.reason}</Fact>}
        {Object.entries(step.values).map(([name, value]) => (
          <Fact key={name} label={name}>
            <code className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</code>
          </Fact>
        ))}
        <HashesFact label={t('run.inputs')} named={step.inputs} />
        <HashesFact label={t('run.outputs')} named={step.outputs} />
      </Facts>
      {step.error !== null && <ProblemAlert problem={step.error} />}
    </Panel>
  )
}

interface HashesFactProps {
  label: string
  named: Readonly<Record<string, string | readonly string[]>>
}

function HashesFact({ label, named }: HashesFactProps) {
  const entries = Object.entries(named)
  if (entries.length === 0) return null
  return (
    <Fact label={label}>
      {entries.map(([name, hashes]) => (
        <div key={name}>
          {name}{' '}
          {[hashes].flat().map((hash) => (
            <code key={hash} className="mono muted" title={hash}>
              {hash.slice(0, shownHashLength)}{' '}
            </code>
          ))}
        </div>
      ))}
    </Fact>
  )
}
