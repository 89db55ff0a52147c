import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { DataFileAdvice, DataFilePreview } from '#shared/data.ts'
import type { Task } from '#shared/models.ts'
import { Loaded } from '../../components/loaded.tsx'
import { type Crumb, Page, Panel } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { ColumnChoices } from './column-choices.tsx'
import { FilePreview } from './file-preview.tsx'
import { ProjectForm } from './project-form.tsx'
import { useAdvice, useMakeProject, usePreview } from './queries.ts'
import styles from './start.module.css'
import { likelyTarget } from './suggest.ts'

interface NewProjectProps {
  path: string
  crumbs: readonly Crumb[]
}

/** From a data file to a running project: look at the rows, choose what to predict, adjust, run. */
export function NewProject({ path, crumbs }: NewProjectProps) {
  const { t } = useTranslation()
  const preview = usePreview(path)
  return (
    <Page title={t('start.fromFile')} crumbs={crumbs}>
      <Loaded query={preview} lines={8}>
        {(data) => <Wizard path={path} preview={data} />}
      </Loaded>
    </Page>
  )
}

function Wizard({ path, preview }: { path: string; preview: DataFilePreview }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [, navigate] = useLocation()
  const [target, setTarget] = useState(() => likelyTarget(preview.page.columns))
  const [task, setTask] = useState<Task>()
  const [use, setUse] = useState<Readonly<Record<string, boolean>>>({})
  const advice = useAdvice(path, target, task)
  const make = useMakeProject()

  function chooseTarget(name: string) {
    setTarget(name)
    setTask(undefined)
    setUse({})
  }
  function submit({ name, folder }: { name: string; folder: string }) {
    if (target === undefined) return
    make.mutate(
      { path: folder, data: path, target, name, use: { ...use }, ...(task && { task }) },
      { onSuccess: (run) => navigate(`/runs/${run.id}`) },
    )
  }
  return (
    <div className={styles.wizard}>
      <div className={styles.side}>
        <Panel title={t('start.choose')}>
          <ProjectForm
            path={path}
            columns={preview.page.columns}
            target={target}
            onTarget={chooseTarget}
            task={task ?? advice.data?.task}
            onTask={setTask}
            busy={make.isPending}
            ready={advice.data !== undefined && !advice.isFetching}
            onSubmit={submit}
          />
          {make.error !== null && <ProblemAlert problem={problemOf(make.error)} />}
        </Panel>
      </div>
      <div className={styles.main}>
        <Panel title={t('start.preview', { rows: format.integer(preview.page.total) })} flush>
          <FilePreview preview={preview} target={target} />
        </Panel>
        <Panel title={t('start.columns')} flush>
          {advice.error !== null && advice.data === undefined ? (
            <ProblemAlert problem={problemOf(advice.error)} />
          ) : (
            <Loaded query={advice} lines={6}>
              {(data: DataFileAdvice) => (
                <ColumnChoices
                  advice={data}
                  busy={advice.isFetching}
                  use={use}
                  onUse={(name, value) => setUse((before) => ({ ...before, [name]: value }))}
                />
              )}
            </Loaded>
          )}
        </Panel>
      </div>
    </div>
  )
}
