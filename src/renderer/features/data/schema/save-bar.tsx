import { Button, SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useProjectGit } from '../queries.ts'
import { CommitButton } from './commit-button.tsx'
import styles from './schema.module.css'
import type { Saving } from './use-saving.ts'
import type { SchemaWork } from './use-schema-draft.ts'

interface SaveBarProps {
  projectId: string
  file: string
  work: SchemaWork
  saving: Saving
  comparing: boolean
  onCompare: (comparing: boolean) => void
}

export function SaveBar({ projectId, file, work, saving, comparing, onCompare }: SaveBarProps) {
  const { t } = useTranslation()
  const git = useProjectGit(projectId)
  const { past, future, question } = work.state
  const uncommitted = git.data?.repository === true && git.data.changed.includes(file)
  const state = saving.saved === null ? 'new' : saving.dirty ? 'changed' : 'saved'
  return (
    <>
      <div className={styles.bar}>
        <code className="mono">{file}</code>
        <span className="muted" role="status">
          {t(`schema.state.${state}`)}
        </span>
        <span className={styles.buttons}>
          <Button variant="default" disabled={past.length === 0} onClick={work.undo}>
            {t('common.undo')}
          </Button>
          <Button variant="default" disabled={future.length === 0} onClick={work.redo}>
            {t('schema.redo')}
          </Button>
          <SegmentedControl
            size="xs"
            aria-label={t('schema.view')}
            value={comparing ? 'changes' : 'text'}
            data={[
              { value: 'text', label: t('schema.text') },
              { value: 'changes', label: t('schema.changes') },
            ]}
            onChange={(value) => onCompare(value === 'changes')}
          />
          {uncommitted && !saving.dirty && <CommitButton projectId={projectId} file={file} />}
          <Button disabled={!saving.dirty || question !== undefined} loading={saving.pending} onClick={saving.save}>
            {t('schema.save')}
          </Button>
        </span>
      </div>
      {saving.error !== null && <ProblemAlert problem={problemOf(saving.error)} />}
      {saving.conflict && (
        <div className={styles.conflict} role="alert">
          <span>{t('schema.conflict')}</span>
          <Button variant="default" onClick={() => onCompare(true)}>
            {t('schema.compare')}
          </Button>
          <Button variant="default" onClick={saving.takeFile}>
            {t('schema.takeFile')}
          </Button>
        </div>
      )}
    </>
  )
}
