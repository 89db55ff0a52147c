import { UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Rollout } from '#shared/rollout.ts'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import styles from './rollouts.module.css'
import { markOf } from './states.ts'

interface EarlierRolloutsProps {
  rollouts: readonly Rollout[]
  shown: string
  onShow: (id: string) => void
}

/** The newest rollouts of the endpoint; one of them is shown above. */
export function EarlierRollouts({ rollouts, shown, onShow }: EarlierRolloutsProps) {
  const { t } = useTranslation()
  const columns: Column<Rollout>[] = [
    {
      key: 'version',
      label: t('common.version'),
      cell: ({ id, spec, model, version }) => (
        <UnstyledButton className={styles.choose} aria-pressed={id === shown} onClick={() => onShow(id)}>
          {`${model} ${version}`} <span className="muted">{t(`rollouts.kinds.${spec.kind}`)}</span>
        </UnstyledButton>
      ),
    },
    {
      key: 'state',
      label: t('common.status'),
      cell: ({ state }) => <StatusMark status={markOf[state]} text={t(`rollouts.states.${state}`)} />,
    },
    { key: 'stable', label: t('rollouts.stable'), cell: ({ stable }) => `${stable.model} ${stable.version}` },
    { key: 'actor', label: t('rollouts.by'), cell: ({ actor }) => actor },
    { key: 'started', label: t('rollouts.started'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    {
      key: 'ended',
      label: t('rollouts.ended'),
      cell: ({ endedAt }) => (endedAt === null ? '–' : <Moment at={endedAt} />),
    },
  ]
  return (
    <Table
      label={t('rollouts.all')}
      columns={columns}
      rows={rollouts}
      rowKey={({ id }) => id}
      selected={({ id }) => id === shown}
    />
  )
}
