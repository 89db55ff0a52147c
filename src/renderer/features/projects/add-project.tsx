import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { FileIcon, FolderIcon, SampleIcon } from '../../components/icons.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { problemOf } from '../../lib/api.ts'
import { desktop } from '../../lib/desktop.ts'
import { useAddProject, useAddSample } from '../../lib/queries.ts'

/** The three ways to get a project. `prominent` where there is none yet. */
export function AddProjectButtons({ prominent = false }: { prominent?: boolean }) {
  const { t } = useTranslation()
  const [folderOpened, folder] = useDisclosure()
  const addSample = useAddSample()
  const size = prominent ? 'sm' : 'xs'
  return (
    <Stack gap={8}>
      <Group gap={8}>
        <Button
          size={size}
          variant={prominent ? 'filled' : 'default'}
          leftSection={<SampleIcon size={15} />}
          loading={addSample.isPending}
          onClick={() => addSample.mutate({ body: {} })}
        >
          {t('projects.openSample')}
        </Button>
        <Button size={size} variant="default" leftSection={<FolderIcon size={15} />} onClick={folder.open}>
          {t('projects.openFolder')}
        </Button>
        <Button size={size} variant="default" leftSection={<FileIcon size={15} />} component={Link} href="/start">
          {t('projects.fromFile')}
        </Button>
      </Group>
      {addSample.error !== null && <ProblemAlert problem={problemOf(addSample.error)} />}
      <Modal
        opened={folderOpened}
        onClose={folder.close}
        title={t('projects.openFolder')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <OpenFolderForm onDone={folder.close} onCancel={folder.close} />
      </Modal>
    </Stack>
  )
}

interface OpenFolderFormProps {
  /** Where it is known already. */
  path?: string
  onDone: () => void
  onCancel: () => void
}

export function OpenFolderForm({ path: known = '', onDone, onCancel }: OpenFolderFormProps) {
  const { t } = useTranslation()
  const [path, setPath] = useState(known)
  const [trust, setTrust] = useState(false)
  const add = useAddProject()

  function submit(event: SubmitEvent) {
    event.preventDefault()
    add.mutate({ body: { path: path.trim(), trust } }, { onSuccess: onDone })
  }
  async function browse() {
    const picked = await desktop?.pickFolder({ title: t('projects.pickFolderTitle') })
    if (picked) setPath(picked)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap={8} wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            label={t('projects.path')}
            description={t('projects.pathHint')}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
          {desktop !== undefined && (
            <Button variant="default" size="sm" onClick={browse}>
              {t('projects.browse')}
            </Button>
          )}
        </Group>
        <Checkbox
          label={t('projects.trust')}
          description={t('projects.trustHint')}
          checked={trust}
          onChange={(event) => setTrust(event.currentTarget.checked)}
        />
        {add.error !== null && <ProblemAlert problem={problemOf(add.error)} />}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={add.isPending} disabled={path.trim() === ''}>
            {t('projects.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
