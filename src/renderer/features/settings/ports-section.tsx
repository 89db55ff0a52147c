import { TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SettingsState } from '#shared/settings.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { highestPort, lowestPort, portOf } from './changes.ts'
import { useSaveSettings, useSettings } from './queries.ts'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'

export function PortsSection() {
  const { t } = useTranslation()
  const settings = useSettings()
  const save = useSaveSettings()
  return (
    <Panel title={t('settings.section.ports')} flush>
      <Loaded query={settings} lines={2}>
        {({ ports }) => (
          <>
            <PortRow
              label={t('settings.controlPort')}
              hint={t('settings.controlPortHint')}
              use={ports.control}
              other={ports.inference.afterRestart}
              onChange={(controlPort) => save({ controlPort })}
            />
            <PortRow
              label={t('settings.inferencePort')}
              hint={t('settings.inferencePortHint')}
              use={ports.inference}
              other={ports.control.afterRestart}
              onChange={(inferencePort) => save({ inferencePort })}
            />
          </>
        )}
      </Loaded>
    </Panel>
  )
}

interface PortRowProps {
  label: string
  hint: string
  use: SettingsState['ports']['control']
  /** The port of the other server. */
  other: number
  onChange: (port: number) => void
}

function PortRow({ label, hint, use, other, onChange }: PortRowProps) {
  const { t } = useTranslation()
  const id = useId()
  const state =
    use.inUse === null
      ? t('settings.portClosed')
      : use.inUse === use.afterRestart
        ? t('settings.portInUse', { port: use.inUse })
        : use.fromCommandLine
          ? t('settings.portFromCommand', { port: use.inUse })
          : t('settings.portAfterRestart', { port: use.inUse, next: use.afterRestart })
  return (
    <SettingRow label={label} hint={`${hint} ${state}`} htmlFor={id}>
      {/* A new value from the engine, as after undo, starts the field anew. */}
      <PortField key={use.afterRestart} id={id} value={use.afterRestart} other={other} onChange={onChange} />
    </SettingRow>
  )
}

interface PortFieldProps {
  id: string
  value: number
  other: number
  onChange: (port: number) => void
}

/** Saves when the field is left or on Enter; Escape takes back what was typed. */
function PortField({ id, value, other, onChange }: PortFieldProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(String(value))
  const port = portOf(text)
  const problem =
    port === undefined
      ? t('settings.portInvalid', { lowest: lowestPort, highest: highestPort })
      : port === other
        ? t('settings.portTaken')
        : undefined
  function save() {
    if (port !== undefined && problem === undefined && port !== value) onChange(port)
  }
  return (
    <TextInput
      id={id}
      className={styles.port}
      size="xs"
      inputMode="numeric"
      autoComplete="off"
      value={text}
      error={problem}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save()
        if (event.key === 'Escape') setText(String(value))
      }}
    />
  )
}
