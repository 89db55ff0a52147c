import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint, ModelVersion, Revision } from '#shared/models.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { useModelVersions } from '../../lib/queries.ts'
import { DeployMetrics } from './deploy-metrics.tsx'
import { useDeploy, useRollBack } from './queries.ts'

interface DeployDialogProps {
  endpoint: string
  current: Revision
  opened: boolean
  onClose: () => void
}

/** Puts another version of the model behind the endpoint, with its metrics beside those of what answers now. */
export function DeployDialog(props: DeployDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('endpoints.deployTitle', { endpoint: props.endpoint })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <DeployForm {...props} />
    </Modal>
  )
}

function DeployForm({ endpoint, current, onClose }: DeployDialogProps) {
  const { t } = useTranslation()
  const versions = useModelVersions(current.model).data?.items ?? []
  const deploy = useDeployWithUndo(endpoint, current, onClose)
  const [chosen, setChosen] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const others = versions.filter(({ version }) => version !== current.version)
  const candidate = others.find(({ version }) => String(version) === chosen) ?? others[0]
  const now = versions.find(({ version }) => version === current.version)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (candidate !== undefined) deploy.start(candidate, reason)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          size="sm"
          label={t('endpoints.versionToDeploy')}
          description={others.length === 0 ? t('endpoints.noOtherVersion') : undefined}
          value={candidate === undefined ? null : String(candidate.version)}
          onChange={setChosen}
          allowDeselect={false}
          disabled={others.length === 0}
          data={others.map(({ version, aliases }) => ({
            value: String(version),
            label: [t('models.versionName', { version }), ...aliases].join(' · '),
          }))}
        />
        {now !== undefined && candidate !== undefined && <DeployMetrics now={now} candidate={candidate} />}
        <TextInput
          label={t('common.reason')}
          value={reason}
          maxLength={1_000}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {deploy.error !== null && <ProblemAlert problem={problemOf(deploy.error)} />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={deploy.isPending} disabled={candidate === undefined}>
            {t('endpoints.deployNow')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function useDeployWithUndo(endpoint: string, current: Revision, onDone: () => void) {
  const { t } = useTranslation()
  const deploy = useDeploy(endpoint)
  const rollBack = useRollBack(endpoint)
  const params = { name: endpoint }

  function undo() {
    const onError = (error: unknown) => showToast({ text: problemOf(error).detail, tone: 'bad' })
    rollBack.mutate({ params, body: { revision: current.number, reason: t('endpoints.undone') } }, { onError })
  }
  return {
    error: deploy.error,
    isPending: deploy.isPending,
    start({ model, version }: ModelVersion, reason: string) {
      const onSuccess = ({ revision }: Endpoint) => {
        showToast({ text: t('endpoints.deployed', { version, revision: revision?.number ?? '' }), undo })
        onDone()
      }
      deploy.mutate({ params, body: { model, version, reason } }, { onSuccess })
    },
  }
}
