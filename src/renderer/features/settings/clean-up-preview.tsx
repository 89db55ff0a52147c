import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { artifactTypeSchema } from '#shared/runs.ts'
import type { CleanUpPreview } from '#shared/settings.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { useDataFormat } from '../../components/previews/data-format.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { problemOf } from '../../lib/api.ts'
import { lineageHref } from '../lineage/links.ts'
import { useCleanUpPreview } from './queries.ts'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'

/** A clean-up without cleaning: exactly what would go, and what of the disk that frees. */
export function CleanUpPreviewRow() {
  const { t } = useTranslation()
  const preview = useCleanUpPreview()
  return (
    <>
      <SettingRow label={t('settings.preview')} hint={t('settings.previewHint')}>
        <Button variant="default" loading={preview.isFetching} onClick={() => preview.refetch()}>
          {t(preview.data === undefined ? 'settings.previewShow' : 'settings.previewAgain')}
        </Button>
      </SettingRow>
      {preview.error !== null && <ProblemAlert problem={problemOf(preview.error)} />}
      {preview.data !== undefined && <WhatGoes preview={preview.data} />}
    </>
  )
}

function WhatGoes({ preview }: { preview: CleanUpPreview }) {
  const { t } = useTranslation()
  const { bytes } = useDataFormat()
  const { runs, runCount, artifacts, artifactCount, fileCount, freedBytes } = preview
  if (runCount === 0 && artifactCount === 0 && fileCount === 0) {
    return <EmptyNote>{t('settings.previewNothing')}</EmptyNote>
  }
  return (
    <section className={styles.found} aria-label={t('settings.preview')}>
      <p className={styles.total} role="status">
        {t('settings.previewTotal', {
          runs: t('settings.previewRuns', { count: runCount }),
          artifacts: t('settings.previewArtifacts', { count: artifactCount }),
          files: t('settings.previewFiles', { count: fileCount }),
          bytes: bytes(freedBytes),
        })}
      </p>
      {runs.length > 0 && <Runs runs={runs} />}
      {runs.length < runCount && <More count={runs.length} />}
      {artifacts.length > 0 && <Artifacts artifacts={artifacts} />}
      {artifacts.length < artifactCount && <More count={artifacts.length} />}
    </section>
  )
}

function More({ count }: { count: number }) {
  const { t } = useTranslation()
  return <p className={styles.note}>{t('settings.previewFirst', { count })}</p>
}

const shownHashLength = 12

function Runs({ runs }: Pick<CleanUpPreview, 'runs'>) {
  const { t } = useTranslation()
  const columns: Column<CleanUpPreview['runs'][number]>[] = [
    {
      key: 'run',
      label: t('settings.run'),
      cell: ({ id }) => (
        <Link href={`/runs/${id}`}>
          <code className="mono">{id}</code>
        </Link>
      ),
    },
    { key: 'pipeline', label: t('runs.pipeline'), cell: ({ pipeline }) => pipeline },
    { key: 'ended', label: t('settings.ended'), cell: ({ finishedAt }) => <Moment at={finishedAt} /> },
  ]
  return (
    <div className={styles.list}>
      <Table label={t('settings.previewOfRuns')} columns={columns} rows={runs} rowKey={({ id }) => id} />
    </div>
  )
}

function Artifacts({ artifacts }: Pick<CleanUpPreview, 'artifacts'>) {
  const { t } = useTranslation()
  const { bytes } = useDataFormat()
  // A newer version may have made artifacts of types that this one does not know.
  const typeName = (name: string) => {
    const type = artifactTypeSchema.safeParse(name).data
    return type === undefined ? name : t(`artifact.${type}`)
  }
  const columns: Column<CleanUpPreview['artifacts'][number]>[] = [
    {
      key: 'hash',
      label: t('settings.artifact'),
      cell: ({ hash }) => (
        <Link href={lineageHref(hash)}>
          <code className="mono">{hash.slice(0, shownHashLength)}</code>
        </Link>
      ),
    },
    { key: 'type', label: t('settings.type'), cell: ({ type }) => typeName(type) },
    { key: 'made', label: t('settings.made'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { key: 'bytes', label: t('settings.diskSize'), numeric: true, cell: (artifact) => bytes(artifact.bytes) },
  ]
  return (
    <div className={styles.list}>
      <Table
        label={t('settings.previewOfArtifacts')}
        columns={columns}
        rows={artifacts}
        rowKey={({ hash, type }) => `${type} ${hash}`}
      />
    </div>
  )
}
