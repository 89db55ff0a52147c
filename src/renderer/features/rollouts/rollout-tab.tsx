import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '#shared/models.ts'
import type { Rollout } from '#shared/rollout.ts'
import { Empty } from '../../components/empty.tsx'
import { EndpointIcon } from '../../components/icons.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { useSearchParam } from '../../lib/use-search-param.ts'
import { EarlierRollouts } from './earlier-rollouts.tsx'
import { Ledger } from './ledger.tsx'
import { useRollouts } from './queries.ts'
import { RolloutView } from './rollout-view.tsx'
import styles from './rollouts.module.css'
import { StartRollout } from './start-rollout.tsx'

/** How versions come to the endpoint step by step: the rollout under way, and those before. */
export function RolloutTab({ endpoint }: { endpoint: Endpoint }) {
  const rollouts = useRollouts(endpoint.name)
  return <Loaded query={rollouts}>{({ items }) => <RolloutsView endpoint={endpoint} rollouts={items} />}</Loaded>
}

function RolloutsView({ endpoint, rollouts }: { endpoint: Endpoint; rollouts: readonly Rollout[] }) {
  const { t } = useTranslation()
  const [asked, ask] = useSearchParam('rollout')
  const shown = rollouts.find(({ id }) => id === asked) ?? rollouts[0]
  const isUnderWay = rollouts.some(({ state }) => state === 'running')
  if (shown === undefined) {
    return (
      <Empty icon={<EndpointIcon size={32} />} title={t('rollouts.noneTitle')} text={t('rollouts.noneText')}>
        <StartButton endpoint={endpoint} />
      </Empty>
    )
  }
  return (
    <div className={styles.stack}>
      <RolloutView rollout={shown} />
      <Panel title={t('rollouts.ledger')}>
        <Ledger rollout={shown} />
      </Panel>
      <Panel flush title={t('rollouts.all')} actions={!isUnderWay && <StartButton endpoint={endpoint} />}>
        <EarlierRollouts rollouts={rollouts} shown={shown.id} onShow={ask} />
      </Panel>
    </div>
  )
}

function StartButton({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  const [opened, dialog] = useDisclosure()
  if (endpoint.revision === null) return null
  return (
    <>
      <Button size="xs" onClick={dialog.open}>
        {t('rollouts.start')}
      </Button>
      <StartRollout endpoint={endpoint.name} current={endpoint.revision} opened={opened} onClose={dialog.close} />
    </>
  )
}
