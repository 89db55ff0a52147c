import { Autocomplete, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegisteredModel } from '#shared/models.ts'
import { nameSchema } from '#shared/names.ts'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { useModelVersions } from '../../lib/queries.ts'
import { useAliasChanges } from './use-alias-changes.ts'

interface MoveAliasDialogProps {
  model: RegisteredModel
  opened: boolean
  /** The one to begin with. */
  alias?: string | undefined
  onClose: () => void
}

const usualAliases = ['champion', 'challenger']

export function MoveAliasDialog({ model, opened, alias, onClose }: MoveAliasDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('models.moveAliasTitle', { model: model.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <MoveAliasForm model={model} first={alias ?? 'champion'} onClose={onClose} />
    </Modal>
  )
}

interface MoveAliasFormProps {
  model: RegisteredModel
  first: string
  onClose: () => void
}

function MoveAliasForm({ model, first, onClose }: MoveAliasFormProps) {
  const { t } = useTranslation()
  const versions = useModelVersions(model.name)
  const { move, moving } = useAliasChanges(model)
  const [alias, setAlias] = useState(first)
  const [version, setVersion] = useState(String(model.latestVersion ?? ''))
  const [reason, setReason] = useState('')
  const valid = nameSchema.safeParse(alias).success
  const known = [...new Set([...usualAliases, ...Object.keys(model.aliases)])]

  function submit(event: SubmitEvent) {
    event.preventDefault()
    move(alias, Number(version), reason, onClose)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Autocomplete
          label={t('models.alias')}
          description={t('models.aliasHint')}
          data={known}
          value={alias}
          onChange={setAlias}
          error={valid ? undefined : t('models.aliasInvalid')}
        />
        <Select
          size="sm"
          label={t('models.toVersion')}
          value={version}
          onChange={(value) => setVersion(value ?? '')}
          data={(versions.data?.items ?? []).map((each) => ({
            value: String(each.version),
            label: [t('models.versionName', { version: each.version }), ...each.aliases].join(' · '),
          }))}
        />
        <TextInput
          label={t('common.reason')}
          data-autofocus
          value={reason}
          maxLength={1_000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {moving.error !== null && <ProblemAlert problem={problemOf(moving.error)} />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={moving.isPending} disabled={!valid || version === ''}>
            {t('models.move')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
