import { Button, Checkbox, Select, Switch } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { driftMeasureSchema } from '#shared/drift.ts'
import type { Json } from '#shared/runs.ts'
import type { SchemaColumn } from '#shared/schema.ts'
import { columnTypeSchema } from '#shared/statistics.ts'
import { ListField, NumberField, TextField } from './fields.tsx'
import styles from './schema.module.css'
import { boundOfText, type ColumnKey } from './schema-edits.ts'

type OnEdit = (path: readonly [ColumnKey] | readonly [ColumnKey, string], value: Json | undefined) => void

interface ColumnFormProps {
  name: string
  column: SchemaColumn
  names: readonly string[]
  environments: readonly string[]
  onEdit: OnEdit
  onRename: (name: string) => void
  onRemove: () => void
}

/** Everything that the schema can ask of one column. */
export function ColumnForm(props: ColumnFormProps) {
  const { name, column, names, environments, onEdit, onRename, onRemove } = props
  const { t } = useTranslation()
  return (
    <section className={styles.column} aria-label={name}>
      <div className={styles.fields}>
        <TextField
          label={t('common.name')}
          value={name}
          w={180}
          problemOf={(text) => (text !== name && names.includes(text) ? t('schema.nameTaken') : undefined)}
          onCommit={(text) => text.trim() !== '' && onRename(text.trim())}
        />
        <Select
          label={t('schema.type')}
          w={150}
          value={column.type}
          data={columnTypeSchema.options.map((value) => ({ value, label: t(`preview.types.${value}`) }))}
          onChange={(value) => value !== null && onEdit(['type'], value)}
        />
        <Button className={styles.remove} variant="default" onClick={onRemove}>
          {t('schema.removeColumn')}
        </Button>
      </div>
      <PresenceFields column={column} onEdit={onEdit} />
      <DomainFields column={column} onEdit={onEdit} />
      <Group title={t('schema.unique')}>
        <NumberField
          label={t('schema.atLeast')}
          whole
          value={column.unique?.min}
          onCommit={(value) => onEdit(['unique', 'min'], value)}
        />
        <NumberField
          label={t('schema.atMost')}
          whole
          value={column.unique?.max}
          onCommit={(value) => onEdit(['unique', 'max'], value)}
        />
      </Group>
      <EnvironmentFields column={column} environments={environments} onEdit={onEdit} />
      <DriftFields column={column} onEdit={onEdit} />
    </section>
  )
}

interface FieldsProps {
  column: SchemaColumn
  onEdit: OnEdit
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row in every browser
    <div className={styles.group} role="group" aria-labelledby={id}>
      <h4 className={styles.groupTitle} id={id}>
        {title}
      </h4>
      <div className={styles.fields}>{children}</div>
    </div>
  )
}

function PresenceFields({ column: { presence }, onEdit }: FieldsProps) {
  const { t } = useTranslation()
  return (
    <Group title={t('schema.presence')}>
      <Switch
        className={styles.switch}
        label={t('schema.required')}
        checked={presence !== undefined}
        onChange={(event) =>
          onEdit(['presence'], event.currentTarget.checked ? { minFraction: 1, minCount: 1 } : undefined)
        }
      />
      {presence !== undefined && (
        <>
          <NumberField
            label={t('schema.minFraction')}
            fraction
            value={presence.minFraction}
            onCommit={(value) => onEdit(['presence', 'minFraction'], value)}
          />
          <NumberField
            label={t('schema.minCount')}
            whole
            value={presence.minCount}
            onCommit={(value) => onEdit(['presence', 'minCount'], value)}
          />
        </>
      )}
    </Group>
  )
}

/** Which values may occur: a list for texts and booleans, limits for numbers and instants. */
function DomainFields({ column, onEdit }: FieldsProps) {
  const { t } = useTranslation()
  const { type, domain = {}, minDomainMass } = column
  if (type === 'other') return null
  if (type === 'text' || type === 'boolean') {
    return (
      <Group title={t('schema.domain')}>
        <ListField
          label={t('schema.values')}
          values={domain.values ?? []}
          onCommit={(values) => onEdit(['domain', 'values'], values.length === 0 ? undefined : [...values])}
        />
        {domain.values !== undefined && (
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

function EnvironmentFields({ column, environments, onEdit }: FieldsProps & { environments: readonly string[] }) {
  const { t } = useTranslation()
  const absent = column.notIn ?? []
  function change(environment: string, expected: boolean) {
    const notIn = environments.filter((each) => (each === environment ? !expected : absent.includes(each)))
    onEdit(['notIn'], notIn.length === 0 ? undefined : notIn)
  }
  return (
    <Group title={t('schema.expectedIn')}>
      {environments.map((environment) => (
        <Checkbox
          key={environment}
          label={environment}
          checked={!absent.includes(environment)}
          onChange={(event) => change(environment, event.currentTarget.checked)}
        />
      ))}
    </Group>
  )
}

function DriftFields({ column: { drift }, onEdit }: FieldsProps) {
  const { t } = useTranslation()
  return (
    <Group title={t('schema.drift')}>
      <NumberField
        label={t('schema.threshold')}
        value={drift?.threshold}
        onCommit={(value) =>
          value === undefined ? onEdit(['drift'], undefined) : onEdit(['drift', 'threshold'], value)
        }
      />
      {drift !== undefined && (
        <Select
          label={t('schema.measure')}
          w={230}
          clearable
          clearButtonProps={{ 'aria-label': t('common.none') }}
          placeholder={t('schema.measureDefault')}
          value={drift.measure ?? null}
          data={driftMeasureSchema.options.map((value) => ({ value, label: t(`schema.measures.${value}`) }))}
          onChange={(value) => onEdit(['drift', 'measure'], value ?? undefined)}
        />
      )}
    </Group>
  )
}
