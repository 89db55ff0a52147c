import { useTranslation } from 'react-i18next'
import { DelayedInput } from '../options/delayed-input.tsx'
import type { NumberForm } from '../options/form-model.ts'
import { limitsText, parseNumber } from '../options/number-input.ts'
import { Labelled } from './section.tsx'

interface NumberSettingProps {
  label: string
  help?: string
  limits: Omit<NumberForm, 'kind'>
  value: number | undefined
  placeholder?: string
  disabled?: boolean
  /** Undefined where the field was emptied. */
  onChange: (value: number | undefined) => void
}

/** A number of the file that may be left out. */
export function NumberSetting(props: NumberSettingProps) {
  const { label, help, limits, value, placeholder, disabled = false, onChange } = props
  const { t } = useTranslation()
  const form: NumberForm = { kind: 'number', ...limits }
  const check = (text: string) => {
    const parsed = parseNumber(form, text)
    return text !== '' && 'problem' in parsed
      ? t(`pipelines.number.${parsed.problem}`, { limits: limitsText(form) })
      : undefined
  }
  return (
    <Labelled label={label} {...(help !== undefined && { help })}>
      {(id, helpId) => (
        <DelayedInput
          id={id}
          decimal
          disabled={disabled}
          describedBy={helpId}
          placeholder={placeholder}
          value={value === undefined ? '' : String(value)}
          check={check}
          onCommit={(text) => {
            const parsed = parseNumber(form, text)
            if (text === '') onChange(undefined)
            else if ('value' in parsed) onChange(parsed.value)
          }}
        />
      )}
    </Labelled>
  )
}
