import { Button, Group, Popover, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunView } from '#shared/run-list.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { useChangeViews, useRunViews } from './queries.ts'
import { sameView } from './run-filter.ts'
import styles from './run-list.module.css'
import type { RunFilterState } from './use-run-filter.ts'

/** Ways of looking at the runs that were kept by name; the one that is shown can be renamed and removed. */
export function RunViews({ state: { view, show } }: { state: RunFilterState }) {
  const { t } = useTranslation()
  const views = useRunViews().data ?? []
  const changes = useChangeViews()
  const shown = views.find((each) => sameView(each.filter, view))
  const onlyProject = { project: view.project ?? '' }

  async function remove(removed: RunView) {
    await changes.remove(removed.name)
    showToast({ text: t('runs.viewRemoved', { name: removed.name }), undo: () => void changes.save(removed) })
  }
  return (
    <nav className={styles.views} aria-label={t('runs.views')}>
      <button
        type="button"
        className={styles.view}
        aria-pressed={sameView(onlyProject, view)}
        onClick={() => show(onlyProject)}
      >
        {t('runs.allRuns')}
      </button>
      {views.map((each) => (
        <button
          key={each.name}
          type="button"
          className={styles.view}
          aria-pressed={each === shown}
          onClick={() => show(each.filter)}
        >
          {each.name}
        </button>
      ))}
      {shown === undefined ? (
        !sameView(onlyProject, view) && (
          <NameForm
            label={t('runs.saveView')}
            act={t('runs.save')}
            onName={(name) => changes.save({ name, filter: view })}
          />
        )
      ) : (
        <>
          <NameForm
            key={shown.name}
            label={t('runs.renameView')}
            act={t('runs.rename')}
            initial={shown.name}
            onName={(name) => changes.rename(shown.name, name)}
          />
          <Button variant="subtle" size="compact-xs" onClick={() => void remove(shown)}>
            {t('runs.removeView')}
          </Button>
        </>
      )}
      {changes.error !== null && <ProblemAlert problem={problemOf(changes.error)} />}
    </nav>
  )
}

interface NameFormProps {
  label: string
  act: string
  initial?: string
  onName: (name: string) => Promise<unknown>
}

function NameForm({ label, act, initial = '', onName }: NameFormProps) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState(initial)
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (name.trim() === '') return
    // A refusal is shown beside the views.
    await onName(name.trim()).catch(() => undefined)
    setOpened(false)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="subtle" size="compact-xs" onClick={() => setOpened(!opened)}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={(event) => void submit(event)}>
          <Group gap={6} align="flex-end">
            <TextInput
              size="xs"
              label={t('runs.viewName')}
              value={name}
              maxLength={100}
              data-autofocus
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit">{act}</Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
