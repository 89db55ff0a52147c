import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FieldsProps } from './column-fields.ts'
import { ListField, NumberField, TextField } from './fields.tsx'
import { Group } from './group.tsx'
import styles from './schema.module.css'
import { boundOfText } from './schema-edits.ts'

/** Which values may occur: a list for texts and booleans, limits for numbers and instants. */
export function DomainFields({ column, onEdit }: FieldsProps) {
  const { t } = useTranslation()
  const { type, domain = {} } = column
  if (type === 'other') return null
  if (type === 'text' || type === 'boolean') return <ListedFields column={column} onEdit={onEdit} />
  const problemOf = (text: string) =>
    boundOfText(text, type) === null
      ? t(type === 'timestamp' ? 'schema.needsInstant' : 'schema.needsNumber')
      : undefined
  const bound = (part: 'min' | 'max', label: string) => (
    <TextField
      label={label}
      value={domain[part] === undefined ? '' : String(domain[part])}
      w={170}
      problemOf={problemOf}
      onCommit={(text) => onEdit(['domain', part], boundOfText(text, type) ?? undefined)}
    />
  )
  return (
    <Group title={t('schema.domain')}>
      {bound('min', t('schema.atLeast'))}
      {bound('max', t('schema.atMost'))}
      {type === 'number' && (
        <>
          <Checkbox
            className={styles.switch}
            label={t('schema.allowNan')}
            checked={domain.allowNan === true}
            onChange={(event) => onEdit(['domain', 'allowNan'], event.currentTarget.checked || undefined)}
          />
          <Checkbox
            className={styles.switch}
            label={t('schema.allowInfinite')}
            checked={domain.allowInfinite === true}
            onChange={(event) => onEdit(['domain', 'allowInfinite'], event.currentTarget.checked || undefined)}
          />
        </>
      )}
    </Group>
  )
}

/** The values themselves, or the form of each; never both. */
function ListedFields({ column, onEdit }: FieldsProps) {
  const { t } = useTranslation()
  const { type, domain = {}, minDomainMass } = column
  const { values, pattern } = domain
  function set(part: 'values' | 'pattern', value: string[] | string | undefined) {
    onEdit(['domain', part], value)
    // A share of what is not asked for any more says nothing.
    if (value === undefined && minDomainMass !== undefined) onEdit(['minDomainMass'], undefined)
  }
  return (
    <Group title={t('schema.domain')}>
      {pattern === undefined && (
        <ListField
          label={t('schema.values')}
          values={values ?? []}
          onCommit={(chosen) => set('values', chosen.length === 0 ? undefined : [...chosen])}
        />
      )}
      {type === 'text' && values === undefined && (
        <TextField
          label={t('schema.pattern')}
          description={t('schema.patternHint')}
          value={pattern ?? ''}
          w={260}
          onCommit={(text) => set('pattern', text === '' ? undefined : text)}
        />
      )}
      {(values !== undefined || pattern !== undefined) && (
        <NumberField
          label={t('schema.minDomainMass')}
          fraction
          value={minDomainMass}
          onCommit={(value) => onEdit(['minDomainMass'], value)}
        />
      )}
    </Group>
  )
}
