import { NumberInput } from '@mantine/core'
import { SettingRow } from './setting-row.tsx'

interface NumberRowProps {
  id: string
  label: string
  hint?: string
  value: number
  min: number
  max: number
  /** The unit, with the space before it. */
  suffix?: string
  onSave: (value: number) => void
}

/** A setting that is a number: saved when the field is left or on Enter, and kept within its limits. */
export function NumberRow({ id, label, hint, value, min, max, suffix = '', onSave }: NumberRowProps) {
  function save(text: string) {
    const typed = Number.parseFloat(text)
    const next = Math.min(max, Math.max(min, typed))
    if (Number.isFinite(next) && next !== value) onSave(next)
  }
  return (
    <SettingRow label={label} {...(hint !== undefined && { hint })} htmlFor={id}>
      {/* A new value from the engine, as after undo, starts the field anew. */}
      <NumberInput
        id={id}
        key={value}
        defaultValue={value}
        min={min}
        max={max}
        suffix={suffix}
        w={140}
        onBlur={({ currentTarget }) => save(currentTarget.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && save(currentTarget.value)}
      />
    </SettingRow>
  )
}
