import { Button, Group, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PlusIcon } from '../../../components/icons.tsx'
import { firstValue, isRecord, type RecordForm } from './form-model.ts'
import { type ControlProps, useOptionActs } from './option-context.ts'
import styles from './options.module.css'

/** A mapping: an entry for each key, and a way to add one. */
export function RecordFields({ id, form, field, path, value }: ControlProps & { form: RecordForm }) {
  const { OptionField } = useOptionActs()
  const entries = Object.entries(isRecord(value) ? value : {})
  return (
    <div className={styles.nested}>
      {entries.map(([key, entry]) => (
        <OptionField
          key={key}
          field={{ name: key, description: undefined, required: false, default: undefined, form: form.value }}
          path={[...path, key]}
          value={entry}
        />
      ))}
      <NewEntry id={id} form={form} name={field.name} path={path} known={entries.map(([key]) => key)} />
    </div>
  )
}

interface NewEntryProps extends Pick<ControlProps, 'id' | 'path'> {
  form: RecordForm
  name: string
  known: readonly string[]
}

function NewEntry({ id, form, name, path, known }: NewEntryProps) {
  const { t } = useTranslation()
  const acts = useOptionActs()
  const [key, setKey] = useState('')
  const add = (chosen: string) => {
    const wanted = chosen.trim()
    if (wanted === '' || known.includes(wanted)) return
    acts.set([...path, wanted], firstValue(form.value))
    setKey('')
  }
  const label = t('pipelines.newKey', { name })
  if (form.keys !== undefined) {
    const free = form.keys.filter((each) => !known.includes(each))
    return (
      <Select
        id={id}
        size="xs"
        aria-label={label}
        placeholder={t('pipelines.addKey')}
        data={free}
        value={null}
        onChange={(chosen) => chosen !== null && add(chosen)}
      />
    )
  }
  return (
    <Group gap={6} wrap="nowrap">
      <TextInput
        id={id}
        flex={1}
        size="xs"
        aria-label={label}
        placeholder={t('pipelines.addKey')}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && add(key)}
      />
      <Button
        size="xs"
        variant="default"
        aria-label={label}
        leftSection={<PlusIcon size={12} />}
        disabled={key.trim() === '' || known.includes(key.trim())}
        onClick={() => add(key)}
      >
        {t('pipelines.add')}
      </Button>
    </Group>
  )
}
