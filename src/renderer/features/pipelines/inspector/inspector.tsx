import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import styles from './inspector.module.css'
import { PipelineSettings } from './pipeline-settings.tsx'
import { StepInspector } from './step-inspector.tsx'

/** What is selected, to be changed: a step, else the pipeline as a whole. */
export function Inspector() {
  const { t } = useTranslation()
  const { selected } = useEditor()
  return (
    <section className={styles.inspector} aria-label={t('pipelines.inspector')}>
      {selected === undefined ? <PipelineSettings /> : <StepInspector key={selected.name} step={selected} />}
    </section>
  )
}
