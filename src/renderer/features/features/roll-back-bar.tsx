import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FeatureViewDetails } from '#shared/features.ts'
import type { RollBack } from '#shared/roll-back.ts'
import { CodeDiff } from '../../components/code-editor.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import styles from './features.module.css'
import { featureKeys, useRollBackView } from './queries.ts'

interface RollBackProps {
  view: Pick<FeatureViewDetails, 'projectId' | 'name' | 'file'>
  version: string
}

/** The way back to an earlier definition: what it changes is shown first. */
export function RollBackBar({ view, version }: RollBackProps) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState(false)
  const close = () => setOpened(false)
  return (
    <div className={styles.rollBack}>
      <Button variant="default" size="xs" onClick={() => setOpened(true)}>
        {t('features.rollBack')}
      </Button>
      <Modal
        size="xl"
        opened={opened}
        onClose={close}
        title={t('features.rollBackTitle', { version })}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <RollBackForm view={view} version={version} onClose={close} />
      </Modal>
    </div>
  )
}

function RollBackForm({ view, version, onClose }: RollBackProps & { onClose: () => void }) {
  const { t } = useTranslation()
  const { projectId, name, file } = view
  const [reason, setReason] = useState('')
  const rollBack = useRollBackView(projectId, name)
  const preview = useQuery({
    queryKey: [...featureKeys.view(projectId, name), 'roll-back', version],
    queryFn: () => rollBack(version, { dryRun: true }),
    // The file may have changed since it was last looked at.
    staleTime: 0,
  })
  const { mutate, isPending, error } = useMutation({ mutationFn: () => rollBack(version, { reason }) })
  const undo = ({ from }: RollBack) => {
    if (from === null) return undefined
    return () => {
      rollBack(from, {}).then(
        () => showToast({ text: t('features.rolledForward', { view: name, version: from }) }),
        (failed: unknown) => showToast({ text: problemOf(failed).detail, tone: 'bad' }),
      )
    }
  }
  function submit(event: SubmitEvent) {
    event.preventDefault()
    mutate(undefined, {
      onSuccess(done) {
        showToast({ text: t('features.rolledBack', { view: name, version }), undo: undo(done) })
        onClose()
      },
    })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <p style={{ margin: 0 }}>{t('features.rollBackText', { file })}</p>
        <Loaded query={preview} lines={4}>
          {({ before, after }) => (
            <div className={styles.preview}>
              <CodeDiff label={t('features.rollBackChanges')} language="yaml" before={before} after={after} />
            </div>
          )}
        </Loaded>
        <TextInput
          data-autofocus
          label={t('common.reason')}
          value={reason}
          maxLength={1_000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {error !== null && <ProblemAlert problem={problemOf(error)} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={isPending} disabled={preview.data === undefined}>
            {t('features.rollBack')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
