import { Select } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { HomeSettings } from '#shared/settings.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { useDataFormat } from '../../components/previews/data-format.ts'
import { useFormat } from '../../lib/format.ts'
import { choicesWith } from './changes.ts'
import { useDiskUse, useSaveSettings, useSettings } from './queries.ts'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'

const usualDays = [7, 30, 90, 180, 365]
const usualBytes = [0, 1e9, 5e9, 10e9, 50e9]

export function RetentionSection() {
  const { t } = useTranslation()
  const settings = useSettings()
  return (
    <Panel title={t('settings.section.retention')} flush>
      <Loaded query={settings} lines={2}>
        {(state) => <RetentionRows settings={state.settings} />}
      </Loaded>
    </Panel>
  )
}

function RetentionRows({ settings }: { settings: HomeSettings }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { bytes } = useDataFormat()
  const save = useSaveSettings()
  const expired = useDiskUse().data?.expiredRuns ?? 0
  const { retentionDays, maxCacheBytes } = settings
  const expiry = expired === 0 ? '' : t('settings.expired', { count: expired, shown: format.integer(expired) })
  return (
    <>
      <LimitRow
        label={t('settings.retention')}
        hint={`${t('settings.retentionHint')} ${expiry}`}
        usual={usualDays}
        value={retentionDays}
        show={(days) => (days === null ? t('settings.forEver') : t('settings.days', { count: days }))}
        onChange={(days) => save({ retentionDays: days })}
      />
      <LimitRow
        label={t('settings.maxCache')}
        hint={t('settings.maxCacheHint')}
        usual={usualBytes}
        value={maxCacheBytes}
        show={(limit) => (limit === null ? t('settings.noLimit') : limit === 0 ? t('settings.noCache') : bytes(limit))}
        onChange={(limit) => save({ maxCacheBytes: limit })}
      />
    </>
  )
}

interface LimitRowProps {
  label: string
  hint: string
  usual: readonly number[]
  value: number | null
  show: (value: number | null) => string
  onChange: (value: number | null) => void
}

function LimitRow({ label, hint, usual, value, show, onChange }: LimitRowProps) {
  const id = useId()
  return (
    <SettingRow label={label} hint={hint} htmlFor={id}>
      <Select
        id={id}
        className={styles.choice}
        value={String(value)}
        data={choicesWith(usual, value).map((choice) => ({ value: String(choice), label: show(choice) }))}
        onChange={(chosen) => {
          if (chosen !== null) onChange(chosen === 'null' ? null : Number(chosen))
        }}
      />
    </SettingRow>
  )
}
