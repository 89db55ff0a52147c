import { Button, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { YamlEdit } from '#shared/pipelines.ts'
import type { SchemaCheck } from '#shared/schema.ts'
import { NumberField, TextField } from './fields.tsx'
import { Group } from './group.tsx'
import styles from './schema.module.css'
import { checkEdit, freeName, longCheck } from './schema-edits.ts'

interface CheckFieldsProps {
  /** Where in the file what they concern stands: empty for the dataset. */
  path: readonly string[]
  checks: Readonly<Record<string, SchemaCheck>> | undefined
  onEdits: (...edits: YamlEdit[]) => void
}

/** Conditions in SQL, each under a name that the report uses. */
export function CheckFields({ path, checks = {}, onEdits }: CheckFieldsProps) {
  const { t } = useTranslation()
  const entries = Object.entries(checks)
  const names = entries.map(([name]) => name)
  const at = [...path, 'checks']
  function remove(name: string) {
    onEdits({ kind: 'remove', path: entries.length === 1 ? at : [...at, name] })
  }
  return (
    <Group title={t('schema.checks')}>
      {entries.map(([name, check]) => (
        <CheckRow
          key={name}
          name={name}
          names={names}
          check={longCheck(check)}
          onRename={(to) => onEdits({ kind: 'rename', path: [...at, name], key: to })}
          onEdit={(part, value) => onEdits(checkEdit([...at, name], check, part, value))}
          onRemove={() => remove(name)}
        />
      ))}
      <Button
        className={styles.switch}
        size="compact-xs"
        variant="default"
        onClick={() => {
          const value = path.length === 0 ? 'true' : `"${(path.at(-1) ?? '').replaceAll('"', '""')}" is not null`
          onEdits({ kind: 'set', path: [...at, freeName(t('schema.newCheck'), names)], value })
        }}
      >
        {t('schema.addCheck')}
      </Button>
    </Group>
  )
}

interface CheckRowProps {
  name: string
  names: readonly string[]
  check: ReturnType<typeof longCheck>
  onRename: (name: string) => void
  onEdit: (part: 'sql' | 'minFraction' | 'severity', value: string | number | undefined) => void
  onRemove: () => void
}

function CheckRow({ name, names, check, onRename, onEdit, onRemove }: CheckRowProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.check}>
      <TextField
        label={t('common.name')}
        value={name}
        w={170}
        problemOf={(text) => (text !== name && names.includes(text) ? t('schema.checkTaken') : undefined)}
        onCommit={(text) => text.trim() !== '' && onRename(text.trim())}
      />
      <TextField
        label={t('schema.condition')}
        value={check.sql}
        w={250}
        problemOf={(text) => (text.trim() === '' ? t('schema.needsCondition') : undefined)}
        onCommit={(text) => onEdit('sql', text)}
      />
      <NumberField
        label={t('schema.minRowShare')}
        fraction
        value={check.minFraction}
        onCommit={(value) => onEdit('minFraction', value)}
      />
      <Select
        label={t('schema.severity')}
        w={110}
        allowDeselect={false}
        value={check.severity ?? 'error'}
        data={(['error', 'warning'] as const).map((value) => ({ value, label: t(`schema.severities.${value}`) }))}
        onChange={(value) => onEdit('severity', value === 'warning' ? value : undefined)}
      />
      <Button size="compact-xs" variant="subtle" aria-label={t('schema.removeCheck', { name })} onClick={onRemove}>
        {t('schema.remove')}
      </Button>
    </div>
  )
}
