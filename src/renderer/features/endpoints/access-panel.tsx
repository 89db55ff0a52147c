import { Button, Switch, TagsInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { AccessRules, EndpointAccess } from '#shared/access.ts'
import { EmptyNote } from '../../components/empty.tsx'
import { KeyIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import { SettingRow } from '../settings/setting-row.tsx'
import { AccessKeys } from './access-keys.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { useAccess, useChangeAccess } from './queries.ts'

/** Who may ask the endpoint: keys, and web pages of other origins. */
export function AccessPanel({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation()
  const access = useAccess(endpoint)
  return (
    <Panel title={t('endpoints.access')} flush>
      <Loaded query={access}>{(data) => <Access endpoint={endpoint} access={data} />}</Loaded>
    </Panel>
  )
}

function Access({ endpoint, access: { rules, keys } }: { endpoint: string; access: EndpointAccess }) {
  const { t } = useTranslation()
  const [opened, dialog] = useDisclosure()
  const change = useChangeAccess(endpoint)
  const hasKey = keys.some(({ revokedAt }) => revokedAt === null)

  /** At once, and taken back by the notice. */
  function save(body: Partial<AccessRules>, before: Partial<AccessRules>) {
    const request = (rulesOf: Partial<AccessRules>) => ({ params: { name: endpoint }, body: rulesOf })
    change.mutate(request(body), {
      onSuccess: () => showToast({ text: t('endpoints.accessChanged'), undo: () => change.mutate(request(before)) }),
      onError: (error) => showToast({ text: problemOf(error).detail, tone: 'bad' }),
    })
  }
  return (
    <>
      <SettingRow
        label={t('endpoints.keysRequired')}
        hint={t(hasKey || rules.keysRequired ? 'endpoints.keysRequiredHint' : 'endpoints.keysRequiredNone')}
      >
        <Switch
          aria-label={t('endpoints.keysRequired')}
          checked={rules.keysRequired}
          disabled={(!hasKey && !rules.keysRequired) || change.isPending}
          onChange={({ currentTarget: { checked } }) =>
            save({ keysRequired: checked }, { keysRequired: rules.keysRequired })
          }
        />
        <Button variant="default" leftSection={<KeyIcon size={14} />} onClick={dialog.open}>
          {t('endpoints.newKey')}
        </Button>
      </SettingRow>
      <SettingRow label={t('endpoints.origins')} hint={t('endpoints.originsHint')} htmlFor="endpoint-origins">
        <TagsInput
          id="endpoint-origins"
          value={rules.origins}
          placeholder={rules.origins.length === 0 ? 'https://shop.example.com' : ''}
          onChange={(origins) => save({ origins }, { origins: rules.origins })}
          w={320}
        />
      </SettingRow>
      {keys.length === 0 ? (
        <EmptyNote>{t('endpoints.noKeys')}</EmptyNote>
      ) : (
        <AccessKeys endpoint={endpoint} keys={keys} />
      )}
      <NewKeyDialog endpoint={endpoint} opened={opened} onClose={dialog.close} />
    </>
  )
}
