import { MultiSelect, Select, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Json } from '#shared/runs.ts'
import { parameterText } from '../parameter-value.ts'
import { DelayedInput } from './delayed-input.tsx'
import { type Form, isScalar, type ListForm, type NumberForm } from './form-model.ts'
import { limitsText, parseNumber } from './number-input.ts'
import { type ControlProps, useOptionActs } from './option-context.ts'

type ScalarForm = Extract<Form, { kind: 'boolean' | 'text' | 'number' | 'choice' | 'list' }>

/** Controls of values without parts of their own. */
export function ScalarControl(props: ControlProps & { form: ScalarForm }) {
  const { form, field, path, value } = props
  const acts = useOptionActs()
  const placeholder = usePlaceholder(field.default)
  const shared = { id: props.id, 'aria-describedby': props.describedBy, size: 'xs', placeholder } as const
  switch (form.kind) {
    case 'boolean':
    case 'choice': {
      const values = form.kind === 'boolean' ? [true, false] : form.values
      return (
        <Select
          {...shared}
          data={values.map(String)}
          value={isScalar(value) ? String(value) : null}
          onChange={(text) => {
            const chosen = values.find((each) => String(each) === text)
            if (chosen !== undefined) acts.set(path, chosen)
          }}
        />
      )
    }
    case 'list':
      return <ListControl {...props} form={form} placeholder={placeholder} />
    case 'number':
      return <NumberControl {...props} form={form} placeholder={placeholder} />
    case 'text':
      return (
        <DelayedInput
          id={props.id}
          describedBy={props.describedBy}
          placeholder={placeholder}
          value={typeof value === 'string' ? value : ''}
          suggestions={acts.suggest(field.name)}
          onCommit={(text) => (text === '' ? acts.remove(path) : acts.set(path, text))}
        />
      )
  }
}

/** The default, in its own words: what holds while nothing is set. */
function usePlaceholder(value: Json | undefined): string | undefined {
  const { t } = useTranslation()
  const empty = value === undefined || JSON.stringify(value) === '[]' || JSON.stringify(value) === '{}'
  return empty ? undefined : t('pipelines.defaultValue', { value: parameterText(value) })
}

type PlacedControl<F extends Form> = ControlProps & { form: F; placeholder: string | undefined }

function NumberControl({ id, form, path, value, describedBy, placeholder }: PlacedControl<NumberForm>) {
  const { t } = useTranslation()
  const acts = useOptionActs()
  const check = (text: string) => {
    if (text === '') return undefined
    const parsed = parseNumber(form, text)
    return 'problem' in parsed ? t(`pipelines.number.${parsed.problem}`, { limits: limitsText(form) }) : undefined
  }
  return (
    <DelayedInput
      id={id}
      decimal
      describedBy={describedBy}
      placeholder={placeholder}
      value={typeof value === 'number' ? String(value) : ''}
      check={check}
      onCommit={(text) => {
        const parsed = parseNumber(form, text)
        if (text === '') acts.remove(path)
        else if ('value' in parsed) acts.set(path, parsed.value)
      }}
    />
  )
}

function ListControl({ id, form, field, path, value, describedBy, placeholder }: PlacedControl<ListForm>) {
  const { t } = useTranslation()
  const acts = useOptionActs()
  const items = Array.isArray(value) ? value : []
  const shared = {
    id,
    size: 'xs',
    'aria-describedby': describedBy,
    placeholder: items.length === 0 ? (placeholder ?? t('pipelines.listHint')) : undefined,
    value: items.map(String),
  } as const
  const { item } = form
  const change = (texts: readonly string[]) => {
    const values = texts.flatMap((text) => itemOf(item, text) ?? [])
    if (values.length === 0) acts.remove(path)
    else acts.set(path, values)
  }
  if (item.kind === 'choice') return <MultiSelect {...shared} data={item.values.map(String)} onChange={change} />
  return <TagsInput {...shared} acceptValueOnBlur data={[...acts.suggest(field.name)]} onChange={change} />
}

/** The value that the text of an item stands for; undefined where it stands for none. */
function itemOf(item: ListForm['item'], text: string): Json | undefined {
  if (item.kind === 'text') return text
  if (item.kind === 'choice') return item.values.find((value) => String(value) === text)
  const parsed = parseNumber(item, text)
  return 'value' in parsed ? parsed.value : undefined
}
