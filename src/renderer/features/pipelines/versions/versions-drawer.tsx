import { Button, Drawer, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { PipelineVersion } from '#shared/pipelines.ts'
import { CodeDiff } from '../../../components/code-editor.tsx'
import { EmptyNote } from '../../../components/empty.tsx'
import { Loaded } from '../../../components/loaded.tsx'
import { Pill } from '../../../components/pill.tsx'
import { Moment } from '../../../components/time.tsx'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import { usePipelineVersions, useProjectFiles, useProjectGit } from '../queries.ts'
import { type Against, textBefore } from './version-diff.ts'
import styles from './versions.module.css'

/** The texts that the file has had: what changed with each, and the way back. */
export default function VersionsDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { projectId, name } = useEditor()
  const versions = usePipelineVersions(projectId, name)
  return (
    <Drawer
      opened
      position="right"
      size="min(1080px, 92vw)"
      title={t('pipelines.versionsOf', { name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      classNames={{ body: styles.body ?? '', content: styles.content ?? '' }}
      onClose={onClose}
    >
      <Loaded query={versions}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote>{t('pipelines.noVersions')}</EmptyNote>
          ) : (
            <Versions versions={list} onClose={onClose} />
          )
        }
      </Loaded>
    </Drawer>
  )
}

function Versions({ versions, onClose }: { versions: readonly PipelineVersion[]; onClose: () => void }) {
  const { t } = useTranslation()
  const editor = useEditor()
  const [chosen, setChosen] = useState(versions[0]?.version)
  const [against, setAgainst] = useState<Against>('before')
  const index = Math.max(
    versions.findIndex((each) => each.version === chosen),
    0,
  )
  const version = versions[index]
  if (version === undefined) return null
  const [before, after] =
    against === 'before' ? [textBefore(versions, index), version.text] : [version.text, editor.text]
  return (
    <div className={styles.columns}>
      <div className={styles.side}>
        <GitNote />
        <ol className={styles.list} aria-label={t('pipelines.versions')}>
          {versions.map((each) => (
            <li key={each.version}>
              <VersionButton version={each} chosen={each === version} onChoose={() => setChosen(each.version)} />
            </li>
          ))}
        </ol>
      </div>
      <section className={styles.detail} aria-label={t('pipelines.whatChanged')}>
        <div className={styles.tools}>
          <SegmentedControl
            size="xs"
            aria-label={t('pipelines.compareWith')}
            data={[
              { value: 'before', label: t('pipelines.withBefore') },
              { value: 'current', label: t('pipelines.withCurrent') },
            ]}
            value={against}
            onChange={(value) => setAgainst(value === 'current' ? 'current' : 'before')}
          />
          <Button
            ml="auto"
            variant="default"
            disabled={version.text === editor.text}
            onClick={() => {
              editor.session.replace(version.text)
              showToast({ text: t('pipelines.versionRestored'), undo: editor.session.undo })
              onClose()
            }}
          >
            {t('pipelines.restore')}
          </Button>
        </div>
        <div className={styles.diff}>
          {before === after ? (
            <EmptyNote>{t('pipelines.noDifference')}</EmptyNote>
          ) : (
            <CodeDiff label={t('pipelines.whatChanged')} language="yaml" before={before} after={after} />
          )}
        </div>
      </section>
    </div>
  )
}

interface VersionButtonProps {
  version: PipelineVersion
  chosen: boolean
  onChoose: () => void
}

function VersionButton({ version, chosen, onChoose }: VersionButtonProps) {
  const { t } = useTranslation()
  const [commit] = version.commits
  return (
    <div className={styles.version} data-chosen={chosen || undefined}>
      <button type="button" className={styles.choose} aria-pressed={chosen} onClick={onChoose}>
        <span className={styles.subject}>{commit?.subject ?? t('pipelines.notCommitted')}</span>
        <span className={styles.facts}>
          <Moment at={version.firstSeenAt} />
          {commit !== undefined && <span>{commit.author}</span>}
          {commit !== undefined && <code className="mono">{commit.hash.slice(0, 7)}</code>}
          {version.current && <Pill>{t('pipelines.inFile')}</Pill>}
        </span>
      </button>
      {version.latestRunId !== null && (
        <Link href={`/runs/${version.latestRunId}`} className={styles.runs ?? ''}>
          {t('pipelines.runCount', { count: version.runs })}
        </Link>
      )}
    </div>
  )
}

/** Where the folder is not under git, only runs know former texts: the way to change that. */
function GitNote() {
  const { t } = useTranslation()
  const { projectId } = useEditor()
  const git = useProjectGit(projectId).data
  const files = useProjectFiles(projectId)
  const [busy, setBusy] = useState(false)
  if (git === undefined || git.repository) return null
  const start = () => {
    setBusy(true)
    files
      .startGit()
      .catch((error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' }))
      .finally(() => setBusy(false))
  }
  return (
    <div className={styles.git}>
      <span>{t('pipelines.notUnderGit')}</span>
      <Button size="compact-xs" variant="default" loading={busy} onClick={start}>
        {t('pipelines.startGit')}
      </Button>
    </div>
  )
}
