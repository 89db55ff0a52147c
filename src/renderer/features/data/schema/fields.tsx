import { TagsInput, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface TextFieldProps {
  label: string
  description?: string
  value: string
  /** A translated reason why the text cannot be taken; undefined where it can. */
  problemOf?: (text: string) => string | undefined
  onCommit: (text: string) => void
  numeric?: boolean
  w?: number
}

/** A text that counts once it is left or confirmed by Enter; Escape brings the old one back. */
export function TextField({ label, description, value, problemOf, onCommit, numeric = false, w }: TextFieldProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const problem = problemOf?.(text)
  function commit() {
    if (problem === undefined && text !== value) onCommit(text)
  }
  return (
    <TextInput
      size="xs"
      w={w}
      label={label}
      description={description}
      inputMode={numeric ? 'decimal' : undefined}
      value={text}
      error={problem}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        else if (event.key === 'Escape') setText(value)
      }}
    />
  )
}

interface NumberFieldProps {
  label: string
  value: number | undefined
  onCommit: (value: number | undefined) => void
  /** Without decimals. */
  whole?: boolean
  /** Between 0 and 1. */
  fraction?: boolean
  /** Must hold a number. */
  required?: boolean
}

export function NumberField({
  label,
  value,
  onCommit,
  whole = false,
  fraction = false,
  required = false,
}: NumberFieldProps) {
  const { t } = useTranslation()
  function problemOf(text: string): string | undefined {
    if (text.trim() === '') return required ? t('schema.needsNumber') : undefined
    const number = Number(text)
    if (!Number.isFinite(number) || number < 0) return t('schema.needsNumber')
    if (whole && !Number.isInteger(number)) return t('schema.needsWhole')
    return fraction && number > 1 ? t('schema.needsFraction') : undefined
  }
  return (
    <TextField
      label={label}
      value={value === undefined ? '' : String(value)}
      numeric
      w={104}
      problemOf={problemOf}
      onCommit={(text) => onCommit(text.trim() === '' ? undefined : Number(text))}
    />
  )
}

interface ListFieldProps {
  label: string
  description?: string
  values: readonly string[]
  onCommit: (values: readonly string[]) => void
}

/** Several texts, each taken away by itself. */
export function ListField({ label, description, values, onCommit }: ListFieldProps) {
  return (
    <TagsInput
      size="xs"
      style={{ flex: 1, minWidth: 200 }}
      label={label}
      description={description}
      value={[...values]}
      splitChars={[',', '\n']}
      maxDropdownHeight={0}
      onChange={onCommit}
    />
  )
}
