import { useTranslation } from 'react-i18next'
import { CodeEditor } from '../../../components/code-editor.tsx'
import styles from './editor.module.css'
import { stepAtLine } from './selection.ts'
import { useEditor } from './use-pipeline-editor.ts'

/** The text of the file: what everything else on the page shows and changes. */
export function TextPane() {
  const { t } = useTranslation()
  const editor = useEditor()
  return (
    <section className={styles.text} aria-label={t('pipelines.text')}>
      <header className={styles.paneHead}>
        <h2 className={styles.paneTitle}>{t('pipelines.text')}</h2>
        <span className={`${styles.panePath} mono ellipsis`}>{editor.file.path}</span>
      </header>
      <div className={styles.code}>
        <CodeEditor
          label={t('pipelines.textOf', { file: editor.file.path })}
          language="yaml"
          value={editor.text}
          problems={editor.problems}
          marked={editor.marked}
          onChange={editor.session.type}
          onLine={(line) => {
            const step = stepAtLine(editor.steps, line)
            if (step !== undefined) editor.select(step)
          }}
        />
      </div>
    </section>
  )
}
