import { SegmentedControl, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DriftHistory } from '#shared/drift.ts'
import { useModels } from '../../../lib/queries.ts'
import { type DriftAddress, offeredModels } from './address.ts'
import styles from './drift-tab.module.css'

interface DriftChoicesProps {
  projectId: string
  address: DriftAddress
  /** Undefined where the dataset has no column of time. */
  history?: DriftHistory | undefined
  against?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

const lengths = ['day', 'week', 'month'] as const
const first = ''

/** Which days are looked at, how long a stretch is, and what all of it is held against. */
export function DriftChoices({ projectId, address, history, against, from, to }: DriftChoicesProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.choices}>
      <Reference projectId={projectId} address={address} history={history} against={against} />
      {history !== undefined && (
        <>
          <div className={styles.choice}>
            <span className={styles.label}>{t('drift.length')}</span>
            <SegmentedControl
              size="xs"
              aria-label={t('drift.length')}
              data={lengths.map((value) => ({ value, label: t(`drift.by.${value}`) }))}
              value={history.by}
              onChange={address.setBy}
            />
          </div>
          <Day label={t('drift.fromDay')} value={from} onChange={(day) => address.choose(day, to)} />
          <Day label={t('drift.toDay')} value={to} onChange={(day) => address.choose(from, day)} />
        </>
      )}
    </div>
  )
}

function Reference({ projectId, address, history, against }: Omit<DriftChoicesProps, 'from' | 'to'>) {
  const { t } = useTranslation()
  const models = useModels()
  const chosen = address.against ?? against ?? first
  const stretches = [
    ...(history === undefined
      ? []
      : [{ value: first, label: t('drift.firstStretch', { by: t(`drift.byInText.${history.by}`) }) }]),
    ...(history?.spans ?? []).map(({ from, to }) => ({
      value: `${from}..${to}`,
      label: t('drift.span', { from, to }),
    })),
  ]
  const ofModels = offeredModels(models.data ?? [], projectId).map((name) => ({ value: name, label: name }))
  const offered = [...stretches, ...ofModels].some(({ value }) => value === chosen)
  // One that a person wrote into the address.
  const own = offered ? [] : [{ value: chosen, label: chosen }]
  return (
    <Select
      size="xs"
      w={260}
      label={t('drift.reference')}
      searchable
      allowDeselect={false}
      value={chosen}
      data={[
        { group: t('drift.models'), items: ofModels },
        { group: t('drift.stretches'), items: [...own, ...stretches] },
      ].filter(({ items }) => items.length > 0)}
      onChange={(value) => address.setAgainst(value === null || value === first ? undefined : value)}
    />
  )
}

function Day({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | undefined
  onChange: (day: string) => void
}) {
  return (
    <TextInput
      size="xs"
      w={150}
      type="date"
      label={label}
      value={value ?? ''}
      // A date that is being written is empty for a moment.
      onChange={({ currentTarget }) => currentTarget.value !== '' && onChange(currentTarget.value)}
    />
  )
}
