import { Button, Group, Modal } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProjectTextFile } from '#shared/pipelines.ts'
import { CodeDiff } from '../../../components/code-editor.tsx'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { problemOf } from '../../../lib/api.ts'
import styles from './editor.module.css'
import { useEditor } from './use-pipeline-editor.ts'

/** What a person should know before going on: a restored draft, a file that changed meanwhile, an engine without answer. */
export function Notices() {
  const { t } = useTranslation()
  const { disk, failure } = useEditor()
  const [comparing, setComparing] = useState(false)
  return (
    <>
      {failure !== undefined && <ProblemAlert problem={problemOf(failure)} />}
      {disk.restored && (
        <Notice text={t('pipelines.restored')}>
          <Button size="compact-xs" variant="default" onClick={disk.revert}>
            {t('pipelines.discard')}
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={disk.dismissRestored}>
            {t('common.close')}
          </Button>
        </Notice>
      )}
      {disk.theirs !== undefined && (
        <Notice text={t('pipelines.changedOnDisk')}>
          <Button size="compact-xs" onClick={() => setComparing(true)}>
            {t('pipelines.compare')}
          </Button>
        </Notice>
      )}
      {disk.theirs !== undefined && comparing && (
        <ConflictDialog theirs={disk.theirs} onClose={() => setComparing(false)} />
      )}
    </>
  )
}

function Notice({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className={styles.notice} role="status">
      <span>{text}</span>
      <Group gap={6} ml="auto">
        {children}
      </Group>
    </div>
  )
}

/** Both texts as a diff, and the choice between them. */
function ConflictDialog({ theirs, onClose }: { theirs: ProjectTextFile; onClose: () => void }) {
  const { t } = useTranslation()
  const { text, disk } = useEditor()
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={t('pipelines.conflictTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p className={styles.diffHint}>{t('pipelines.conflictHint')}</p>
      <div className={styles.diff}>
        <CodeDiff label={t('pipelines.conflictTitle')} language="yaml" before={theirs.text} after={text} />
      </div>
      <Group justify="flex-end" gap={8} mt={12}>
        <Button
          variant="default"
          onClick={() => {
            disk.takeTheirs()
            onClose()
          }}
        >
          {t('pipelines.takeTheirs')}
        </Button>
        <Button onClick={() => void disk.keepMine().then((kept) => kept && onClose())}>
          {t('pipelines.keepMine')}
        </Button>
      </Group>
    </Modal>
  )
}
