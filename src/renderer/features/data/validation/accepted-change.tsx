import { useTranslation } from 'react-i18next'
import type { AcceptedAnomaly } from '#shared/data.ts'
import { CodeDiff } from '../../../components/code-editor.tsx'
import { Panel } from '../../../components/page.tsx'
import styles from './validation.module.css'

/** What accepting did to the schema file, and the commit that holds it. */
export function AcceptedChange({ accepted }: { accepted: AcceptedAnomaly }) {
  const { t } = useTranslation()
  const { file, before, after, commit, note } = accepted
  return (
    <Panel
      title={t('validation.changed', { file })}
      flush
      actions={
        commit === null ? (
          <span className="muted">{note ?? t('validation.notCommitted')}</span>
        ) : (
          <span className="muted">
            {commit.subject} <code className="mono">{commit.hash.slice(0, 8)}</code>
          </span>
        )
      }
    >
      <div className={styles.diff}>
        <CodeDiff label={t('validation.changed', { file })} language="yaml" before={before} after={after} />
      </div>
    </Panel>
  )
}
