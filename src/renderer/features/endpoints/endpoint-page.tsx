import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '#shared/models.ts'
import { UndoIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { StatusMark } from '../../components/status.tsx'
import { useEndpoints } from '../../lib/queries.ts'
import { DeployDialog } from './deploy-dialog.tsx'
import { EndpointTabs } from './endpoint-tabs.tsx'
import { useRollBackWithUndo } from './use-roll-back.ts'

/** An endpoint: what answers there, how it goes, and the controls of it. */
export default function EndpointPage({ name }: { name: string }) {
  const { t } = useTranslation()
  const endpoints = useEndpoints()
  const endpoint = endpoints.data?.find((each) => each.name === name)
  return (
    <Page
      title={name}
      mark={endpoint && <StatusMark status={endpoint.state} pill />}
      crumbs={[{ label: t('endpoints.title'), href: '/endpoints' }]}
      actions={endpoint && <EndpointActions endpoint={endpoint} />}
    >
      <Loaded query={endpoints}>
        {() => (endpoint === undefined ? t('app.notFoundTitle') : <EndpointTabs endpoint={endpoint} />)}
      </Loaded>
    </Page>
  )
}

function EndpointActions({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  const [opened, dialog] = useDisclosure()
  const rollBack = useRollBackWithUndo(endpoint)
  const number = endpoint.revision?.number ?? 0
  return (
    <>
      <Button
        variant="default"
        leftSection={<UndoIcon size={14} />}
        disabled={number < 2 || rollBack.isPending}
        loading={rollBack.isPending}
        onClick={() => rollBack.to()}
      >
        {t('endpoints.rollBack')}
      </Button>
      <Button disabled={endpoint.revision === null} onClick={dialog.open}>
        {t('endpoints.deploy')}
      </Button>
      {endpoint.revision !== null && (
        <DeployDialog endpoint={endpoint.name} current={endpoint.revision} opened={opened} onClose={dialog.close} />
      )}
    </>
  )
}
