import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Condition, Trigger } from '#shared/triggers.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Panel } from '../../components/page.tsx'
import { useFormat } from '../../lib/format.ts'
import { useProjects } from '../../lib/queries.ts'
import { parameterText } from '../pipelines/parameter-value.ts'
import { RunLink } from './evidence-list.tsx'
import { NextOf } from './next-of.tsx'
import styles from './triggers.module.css'
import { useTriggerWords } from './use-words.ts'

/** What a trigger waits for, what holds it back, and what its runs get. */
export function AboutTrigger({ trigger }: { trigger: Trigger }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useTriggerWords()
  const project = useProjects().data?.find(({ id }) => id === trigger.projectId)
  const { projectId, pipeline, condition, lastAt, lastRunId } = trigger
  const restraints = words.restraints(trigger.restraints)
  const parameters = Object.entries(trigger.parameters)
  return (
    <Panel title={t('triggers.about')}>
      <div className={styles.inline}>
        <Facts>
          <Fact label={t('triggers.conditions')}>
            <ConditionTree condition={condition} />
          </Fact>
          <Fact label={t('triggers.restraints')}>
            {restraints.length === 0
              ? t('triggers.noRestraints')
              : restraints.map((line) => <div key={line}>{line}</div>)}
          </Fact>
          <Fact label={t('runs.pipeline')}>
            <Link href={`/pipelines/${projectId}/${encodeURIComponent(pipeline)}`}>{pipeline}</Link>{' '}
            <span className="muted">{project?.name ?? projectId}</span>
          </Fact>
          <Fact label={t('triggers.parameters')}>
            {parameters.length === 0 && t('triggers.noParameters')}
            {parameters.map(([name, value]) => (
              <div key={name} className="mono">
                {name} = {parameterText(value)}
              </div>
            ))}
          </Fact>
          <Fact label={t('triggers.next')}>
            <NextOf trigger={trigger} />
          </Fact>
          <Fact label={t('triggers.lastRun')}>
            {lastAt === null || lastRunId === null ? (
              t('common.notYet')
            ) : (
              <>
                <RunLink id={lastRunId} /> <span className="muted">{format.dateTime(lastAt)}</span>
              </>
            )}
          </Fact>
        </Facts>
      </div>
    </Panel>
  )
}

function ConditionTree({ condition }: { condition: Condition }) {
  const { t } = useTranslation()
  const words = useTriggerWords()
  if (!('of' in condition)) return words.condition(condition)
  return (
    <>
      {t(`triggers.of.${condition.kind}`)}
      <ul className={styles.tree}>
        {condition.of.map((inner) => (
          <li key={JSON.stringify(inner)}>
            <ConditionTree condition={inner} />
          </li>
        ))}
      </ul>
    </>
  )
}
