import { Button, Switch } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Project } from '#shared/projects.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { call } from '../../lib/api.ts'
import { useProjects } from '../../lib/queries.ts'
import { queryKeys } from '../../lib/query-keys.ts'
import { useTakeBack } from './queries.ts'
import styles from './settings.module.css'

export function ProjectsSection() {
  const { t } = useTranslation()
  const projects = useProjects()
  return (
    <Panel title={t('settings.section.projects')} flush>
      <Loaded query={projects} lines={2}>
        {(list) =>
          list.length === 0 ? <EmptyNote>{t('settings.noProjects')}</EmptyNote> : <TrustTable projects={list} />
        }
      </Loaded>
    </Panel>
  )
}

function TrustTable({ projects }: { projects: readonly Project[] }) {
  const { t } = useTranslation()
  const { setTrusted, remove } = useProjectChanges()
  const columns: Column<Project>[] = [
    {
      key: 'name',
      label: t('common.project'),
      cell: ({ name, available }) => (
        <>
          {name} {!available && <StatusMark status="unavailable" />}
        </>
      ),
    },
    {
      key: 'path',
      label: t('settings.folder'),
      wraps: true,
      cell: ({ path }) => <span className="mono muted">{path}</span>,
    },
    {
      key: 'trusted',
      label: t('settings.trusted'),
      cell: (project) => (
        <Switch
          aria-label={t('settings.trustProject', { name: project.name })}
          checked={project.trusted}
          onChange={(event) => setTrusted(project, event.currentTarget.checked)}
        />
      ),
    },
    {
      key: 'remove',
      label: t('settings.action'),
      cell: (project) => (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={t('settings.removeProject', { name: project.name })}
          onClick={() => remove(project)}
        >
          {t('settings.remove')}
        </Button>
      ),
    },
  ]
  return (
    <>
      <Table label={t('settings.section.projects')} columns={columns} rows={projects} rowKey={({ id }) => id} />
      <p className={styles.note} style={{ paddingTop: 8 }}>
        {t('settings.trustHint')}
      </p>
    </>
  )
}

function useProjectChanges() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const takeBack = useTakeBack()
  const refreshed = async (change: Promise<unknown>) => {
    await change
    await client.invalidateQueries({ queryKey: queryKeys.projects })
  }
  const trust = (id: string, trusted: boolean) => refreshed(call('trustProject', { params: { id }, body: { trusted } }))
  return {
    setTrusted: ({ id, name, trusted }: Project, wanted: boolean) =>
      takeBack(
        t(wanted ? 'settings.trustGiven' : 'settings.trustTaken', { name }),
        () => trust(id, wanted),
        () => trust(id, trusted),
      ),
    remove: ({ id, name, path, trusted }: Project) =>
      takeBack(
        t('settings.removed', { name }),
        () => refreshed(call('removeProject', { params: { id } })),
        () => refreshed(call('addProject', { body: { path, trust: trusted } })),
      ),
  }
}
