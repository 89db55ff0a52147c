import { ActionIcon, Button, Group, Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Pipeline } from '#shared/projects.ts'
import { CopyIcon, PlayIcon, TrashIcon } from '../../../components/icons.tsx'
import { StatusMark } from '../../../components/status.tsx'
import { Moment } from '../../../components/time.tsx'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useLatestRun, useProjectFiles, useTriggers } from '../queries.ts'
import styles from './list.module.css'

/** How the latest run of the pipeline ended, or stands. */
export function LatestRun({ pipeline }: { pipeline: Pipeline }) {
  const { t } = useTranslation()
  const run = useLatestRun(pipeline.projectId, pipeline.name).data
  if (run === undefined) return null
  if (run === null) return <span className="muted">{t('common.notYet')}</span>
  return (
    <Link href={`/runs/${run.id}`} className={styles.run ?? ''}>
      <StatusMark status={run.status} /> <Moment at={run.createdAt} />
    </Link>
  )
}

/** When a schedule starts the pipeline next. */
export function NextSchedule({ pipeline }: { pipeline: Pipeline }) {
  const triggers = useTriggers().data?.triggers ?? []
  const times = triggers
    .filter((trigger) => trigger.projectId === pipeline.projectId && trigger.pipeline === pipeline.name)
    .flatMap(({ nextAt }) => nextAt ?? [])
  return times.length === 0 ? <span className="muted">–</span> : <Moment at={Math.min(...times)} />
}

interface PipelineActsProps {
  pipeline: Pipeline
  onRun: () => void
  onCopy: () => void
}

export function PipelineActs({ pipeline, onRun, onCopy }: PipelineActsProps) {
  const { t } = useTranslation()
  const remove = useDeletePipeline(pipeline)
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {pipeline.problems.length === 0 && (
        <Button
          variant="light"
          size="compact-xs"
          leftSection={<PlayIcon size={12} />}
          aria-label={t('pipelines.startTitle', { pipeline: pipeline.name })}
          onClick={onRun}
        >
          {t('pipelines.start')}
        </Button>
      )}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t('pipelines.moreActs', { pipeline: pipeline.name })}
          >
            <span aria-hidden="true">⋯</span>
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<CopyIcon size={14} />} onClick={onCopy}>
            {t('pipelines.duplicate')}
          </Menu.Item>
          <Menu.Item leftSection={<TrashIcon size={14} />} onClick={() => void remove()}>
            {t('pipelines.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}

/** Deletes the file; undo writes it again, as it was. */
function useDeletePipeline(pipeline: Pipeline): () => Promise<void> {
  const { t } = useTranslation()
  const files = useProjectFiles(pipeline.projectId)
  const complain = (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' })
  return async () => {
    try {
      const { text, sha256 } = await files.read(pipeline.file)
      await files.remove(pipeline.file, sha256)
      showToast({
        text: t('pipelines.deleted', { pipeline: pipeline.name }),
        undo: () => void files.write(pipeline.file, text, null).catch(complain),
      })
    } catch (error) {
      complain(error)
    }
  }
}
