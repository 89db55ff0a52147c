import { Button, Checkbox, Select, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { YamlEdit } from '#shared/pipelines.ts'
import type { SchemaColumn } from '#shared/schema.ts'
import { columnTypeSchema } from '#shared/statistics.ts'
import { CheckFields } from './check-fields.tsx'
import type { FieldsProps, OnEdit } from './column-fields.ts'
import { ComparatorFields } from './comparator-fields.tsx'
import { DomainFields } from './domain-fields.tsx'
import { NumberField, TextField } from './fields.tsx'
import { Group } from './group.tsx'
import styles from './schema.module.css'

interface ColumnFormProps {
  name: string
  column: SchemaColumn
  names: readonly string[]
  environments: readonly string[]
  onEdit: OnEdit
  /** Edits of the file itself. */
  onEdits: (...edits: YamlEdit[]) => void
  onRename: (name: string) => void
  onRemove: () => void
}

/** Everything that the schema can ask of one column. */
export function ColumnForm(props: ColumnFormProps) {
  const { name, column, names, environments, onEdit, onEdits, onRename, onRemove } = props
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
        <NumberField
          label={t('schema.shareAtLeast')}
          fraction
          value={column.unique?.minFraction}
          onCommit={(value) => onEdit(['unique', 'minFraction'], value)}
        />
        <NumberField
          label={t('schema.shareAtMost')}
          fraction
          value={column.unique?.maxFraction}
          onCommit={(value) => onEdit(['unique', 'maxFraction'], value)}
        />
      </Group>
      <EnvironmentFields column={column} environments={environments} onEdit={onEdit} />
      <ComparatorFields comparator="drift" column={column} onEdit={onEdit} />
      <ComparatorFields comparator="skew" column={column} onEdit={onEdit} />
      <CheckFields path={['columns', name]} checks={column.checks} onEdits={onEdits} />
    </section>
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
