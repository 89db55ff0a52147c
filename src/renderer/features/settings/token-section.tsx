import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../components/copy-button.tsx'
import { KeyIcon } from '../../components/icons.tsx'
import { Panel } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { desktop } from '../../lib/desktop.ts'
import { useChange } from '../../lib/queries.ts'
import { currentToken, keepToken } from '../../lib/token.ts'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'

const mask = '•'.repeat(24)

export function TokenSection() {
  const { t } = useTranslation()
  const [opened, dialog] = useDisclosure()
  const rotate = useChange('rotateToken', [])
  // In the desktop the page never holds the token; what it has just made it may show.
  const token = rotate.data?.token ?? currentToken()

  function confirm() {
    rotate.mutate(
      {},
      {
        onSuccess: ({ token: made }) => {
          if (desktop === undefined) keepToken(made)
          dialog.close()
          showToast({ text: t('settings.tokenMade') })
        },
      },
    )
  }
  return (
    <Panel title={t('settings.section.access')} flush>
      <SettingRow
        label={t('settings.token')}
        hint={token === undefined ? t('settings.tokenHidden') : t('settings.tokenHint')}
      >
        {token !== undefined && (
          <>
            <span className={`mono muted ${styles.mask}`} aria-hidden>
              {mask}
            </span>
            <CopyButton text={token} />
          </>
        )}
        <Button variant="default" leftSection={<KeyIcon size={14} />} onClick={dialog.open}>
          {t('settings.newToken')}
        </Button>
      </SettingRow>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={t('settings.newTokenTitle')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Stack gap="sm">
          <Text size="sm">{t('settings.newTokenText')}</Text>
          {rotate.error !== null && <ProblemAlert problem={problemOf(rotate.error)} />}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={dialog.close} data-autofocus>
              {t('common.cancel')}
            </Button>
            <Button loading={rotate.isPending} onClick={confirm}>
              {t('settings.newTokenConfirm')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Panel>
  )
}
