import { ActionIcon, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DraftStep } from '#shared/pipelines.ts'
import { TrashIcon } from '../../../components/icons.tsx'
import { FileProblems } from '../../../components/problem-alert.tsx'
import { useCanvasActs } from '../canvas/use-canvas-acts.ts'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import { DelayedInput } from '../options/delayed-input.tsx'
import { OptionsForm } from '../options/options-form.tsx'
import styles from './inspector.module.css'
import { Labelled, Section } from './section.tsx'
import { StepInputs } from './step-inputs.tsx'
import { StepSettings } from './step-settings.tsx'

export function StepInspector({ step }: { step: DraftStep }) {
  const { t } = useTranslation()
  const acts = useCanvasActs()
  const { catalogue, problemsOf } = useEditor()
  const component = catalogue.get(step.component)
  const problems = problemsOf.get(step.name) ?? []
  return (
    <>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 className={styles.title}>{step.name}</h2>
          <span className={styles.component}>{step.component}</span>
        </div>
        <Tooltip label={t('pipelines.removeStep')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('pipelines.removeStepNamed', { name: step.name })}
            onClick={() => void acts.removeStep(step.name)}
          >
            <TrashIcon size={15} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={styles.body}>
        {component !== undefined && <p className={styles.summary}>{component.summary}</p>}
        {problems.length > 0 && (
          <div className={styles.problems}>
            <FileProblems problems={problems} />
          </div>
        )}
        <Labelled label={t('pipelines.stepName')}>
          {(id) => (
            <DelayedInput
              id={id}
              value={step.name}
              check={(text) => (text.trim() === '' ? t('pipelines.nameMissing') : undefined)}
              onCommit={(text) => void acts.rename(step.name, text.trim())}
              onLeaveOnly
            />
          )}
        </Labelled>
        {component !== undefined && <StepInputs step={step} component={component} />}
        {component !== undefined && (
          <Section title={t('pipelines.options')}>
            <OptionsForm step={step} component={component} />
          </Section>
        )}
        <StepSettings step={step} />
      </div>
    </>
  )
}
