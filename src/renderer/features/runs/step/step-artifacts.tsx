import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Run, StepExecution } from '#shared/runs.ts'
import { EmptyNote } from '../../../components/empty.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { useRunPlan } from '../queries.ts'
import { ArtifactPreview } from './artifact-preview.tsx'
import styles from './step.module.css'

interface StepArtifactsProps {
  run: Run
  step: StepExecution
}

/** What the step read, each with the step that made it. */
export function StepInputs({ run, step }: StepArtifactsProps) {
  const { t } = useTranslation()
  const plan = useRunPlan(run.id)
  const entries = Object.entries(step.inputs).flatMap(([name, hashes]) =>
    hashes.map((hash, index) => ({ name, hash, index })),
  )
  if (entries.length === 0) return <EmptyNote>{t('step.noInputs')}</EmptyNote>
  return (
    <Loaded query={plan}>
      {({ steps }) =>
        entries.map(({ name, hash, index }) => {
          const edge = steps.find((each) => each.name === step.name)?.inputs[name]?.[index]
          return (
            <section key={`${name} ${hash}`} className={styles.artifact} aria-label={name}>
              <h3 className={styles.name}>
                {name}
                {edge !== undefined && (
                  <Link href={`/runs/${run.id}?step=${encodeURIComponent(edge.step)}&part=outputs`}>
                    {t('step.from', { step: edge.step })}
                  </Link>
                )}
              </h3>
              <ArtifactPreview hash={hash} run={run} step={edge?.step ?? step.name} />
            </section>
          )
        })
      }
    </Loaded>
  )
}

export function StepOutputs({ run, step }: StepArtifactsProps) {
  const { t } = useTranslation()
  const entries = Object.entries(step.outputs)
  if (entries.length === 0) return <EmptyNote>{t('step.noOutputs')}</EmptyNote>
  return entries.map(([name, hash]) => (
    <section key={name} className={styles.artifact} aria-label={name}>
      <h3 className={styles.name}>{name}</h3>
      <ArtifactPreview hash={hash} run={run} step={step.name} />
    </section>
  ))
}
