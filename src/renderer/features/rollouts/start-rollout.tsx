import { Button, Group, Modal, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Revision } from '#shared/models.ts'
import type { RolloutSpec } from '#shared/rollout.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useModelVersions } from '../../lib/queries.ts'
import { useStartRollout } from './queries.ts'
import { type RolloutForm, readSpec } from './spec-form.ts'

interface StartRolloutProps {
  endpoint: string
  current: Revision
  opened: boolean
  onClose: () => void
}

/** Brings a version to the endpoint beside the one that answers. */
export function StartRollout(props: StartRolloutProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('rollouts.startTitle', { endpoint: props.endpoint })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <StartForm {...props} />
    </Modal>
  )
}

const kinds: readonly RolloutSpec['kind'][] = ['canary', 'a-b', 'shadow']
const usual: RolloutForm = { kind: 'canary', steps: '5, 25, 50', hold: '10m', share: '50', key: '', metric: 'auc' }

function StartForm({ endpoint, current, onClose }: StartRolloutProps) {
  const { t } = useTranslation()
  const versions = (useModelVersions(current.model).data?.items ?? []).filter(
    ({ version }) => version !== current.version,
  )
  const start = useStartRollout(endpoint)
  const [chosen, choose] = useState<string | null>(null)
  const [form, setForm] = useState(usual)
  const [reason, setReason] = useState('')
  const version = versions.find((each) => String(each.version) === chosen) ?? versions[0]
  const read = readSpec(form)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (version === undefined || !read.success) return
    const body = { model: current.model, version: version.version, rollout: read.data, reason }
    start.mutate({ params: { name: endpoint }, body }, { onSuccess: onClose })
  }
  const field = (name: Exclude<keyof RolloutForm, 'kind'>, label: string, description?: string) => (
    <TextInput
      label={label}
      {...(description !== undefined && { description })}
      value={form[name]}
      error={read.success ? undefined : read.problems[name]}
      onChange={(event) => setForm({ ...form, [name]: event.currentTarget.value })}
    />
  )
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t('rollouts.kind')}
          value={form.kind}
          onChange={(kind) => setForm({ ...form, kind: kinds.find((each) => each === kind) ?? 'canary' })}
          data={kinds.map((kind) => ({ value: kind, label: t(`rollouts.kinds.${kind}`) }))}
        />
        <p style={{ margin: 0, fontSize: 13 }}>{t(`rollouts.about.${form.kind}`)}</p>
        <Select
          label={t('rollouts.candidate')}
          description={versions.length === 0 ? t('endpoints.noOtherVersion') : undefined}
          value={version === undefined ? null : String(version.version)}
          onChange={choose}
          allowDeselect={false}
          disabled={versions.length === 0}
          data={versions.map((each) => ({
            value: String(each.version),
            label: [t('models.versionName', { version: each.version }), ...each.aliases].join(' · '),
          }))}
        />
        {form.kind === 'canary' && field('steps', t('rollouts.steps'), t('rollouts.stepsHelp'))}
        {form.kind !== 'canary' && field('share', t('rollouts.share'))}
        {form.kind === 'a-b' && field('key', t('rollouts.key'), t('rollouts.keyHelp'))}
        {form.kind === 'a-b' && field('metric', t('rollouts.metric'))}
        {form.kind !== 'shadow' && field('hold', t('rollouts.hold'), t('rollouts.holdHelp'))}
        <TextInput
          label={t('common.reason')}
          value={reason}
          maxLength={1_000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {start.error !== null && <ProblemAlert problem={problemOf(start.error)} />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={start.isPending} disabled={version === undefined || !read.success}>
            {t('rollouts.startNow')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
