import { useTranslation } from 'react-i18next'
import { parameterText, parseParameter } from '../parameter-value.ts'
import { DelayedInput } from './delayed-input.tsx'
import { type ControlProps, useOptionActs } from './option-context.ts'

/** A value that no control fits, as JSON. */
export function SnippetField({ id, path, value, describedBy, field }: ControlProps) {
  const { t } = useTranslation()
  const acts = useOptionActs()
  const check = (text: string) =>
    text.trim() !== '' && 'problem' in parseParameter('json', text) ? t('pipelines.notJson') : undefined
  return (
    <DelayedInput
      id={id}
      lines
      mono
      describedBy={describedBy}
      placeholder={field.default === undefined ? t('pipelines.jsonHint') : parameterText(field.default)}
      value={value === undefined ? '' : JSON.stringify(value, undefined, 1)}
      check={check}
      onCommit={(text) => {
        const parsed = parseParameter('json', text)
        if (text.trim() === '') acts.remove(path)
        else if ('value' in parsed) acts.set(path, parsed.value)
      }}
    />
  )
}
