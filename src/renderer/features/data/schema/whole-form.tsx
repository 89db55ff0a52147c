import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { durationMs } from '#shared/durations.ts'
import type { DatasetSchema } from '#shared/schema.ts'
import { CheckFields } from './check-fields.tsx'
import { ListField, NumberField, TextField } from './fields.tsx'
import styles from './schema.module.css'
import { freshnessEdit, rowsEdit } from './schema-edits.ts'
import type { SchemaWork } from './use-schema-draft.ts'

const newColumnsChoices = ['error', 'warning', 'ignore'] as const

/** What holds for the dataset as a whole. */
export function WholeForm({ schema, work }: { schema: DatasetSchema; work: SchemaWork }) {
  const { t } = useTranslation()
  return (
    <div className={styles.whole}>
      <RowFields schema={schema} work={work} />
      <FreshnessFields schema={schema} work={work} />
      <Select
        label={t('schema.newColumns')}
        w={120}
        value={schema.newColumns}
        data={newColumnsChoices.map((value) => ({ value, label: t(`schema.newColumn.${value}`) }))}
        onChange={(value) => value !== null && work.edit({ kind: 'set', path: ['newColumns'], value })}
      />
      <ListField
        label={t('schema.environments')}
        values={schema.environments}
        onCommit={(values) =>
          values.length > 0 && work.edit({ kind: 'set', path: ['environments'], value: [...values] })
        }
      />
      <div className={styles.wholeChecks}>
        <CheckFields path={[]} checks={schema.checks} onEdits={work.edit} />
      </div>
    </div>
  )
}

interface PartProps {
  schema: DatasetSchema
  work: SchemaWork
}

function RowFields({ schema, work }: PartProps) {
  const { t } = useTranslation()
  return (
    <>
      <NumberField
        label={t('schema.minRows')}
        value={schema.rows?.min}
        whole
        onCommit={(value) => work.edit(rowsEdit(schema, 'min', value))}
      />
      <NumberField
        label={t('schema.maxRows')}
        value={schema.rows?.max}
        whole
        onCommit={(value) => work.edit(rowsEdit(schema, 'max', value))}
      />
      <NumberField
        label={t('schema.minOfPrevious')}
        value={schema.rows?.minFractionOfPrevious}
        onCommit={(value) => work.edit(rowsEdit(schema, 'minFractionOfPrevious', value))}
      />
      <NumberField
        label={t('schema.maxOfPrevious')}
        value={schema.rows?.maxFractionOfPrevious}
        onCommit={(value) => work.edit(rowsEdit(schema, 'maxFractionOfPrevious', value))}
      />
    </>
  )
}

function FreshnessFields({ schema, work }: PartProps) {
  const { t } = useTranslation()
  const { freshness, columns } = schema
  const times = Object.entries(columns).flatMap(([name, { type }]) => (type === 'timestamp' ? [name] : []))
  return (
    <>
      <TextField
        label={t('schema.maxAge')}
        value={freshness?.maxAge ?? ''}
        w={104}
        problemOf={(text) => (text === '' || (durationMs(text) ?? 0) > 0 ? undefined : t('schema.needsDuration'))}
        onCommit={(text) => work.edit(freshnessEdit('maxAge', text === '' ? undefined : text))}
      />
      {freshness !== undefined && (
        <Select
          label={t('schema.timeColumn')}
          w={150}
          clearable
          clearButtonProps={{ 'aria-label': t('common.none') }}
          placeholder={t('schema.timeOfDataset')}
          value={freshness.column ?? null}
          data={times}
          onChange={(value) => work.edit(freshnessEdit('column', value ?? undefined))}
        />
      )}
    </>
  )
}
