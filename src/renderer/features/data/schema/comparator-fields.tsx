import { Select, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { driftMeasureSchema } from '#shared/drift.ts'
import type { FieldsProps } from './column-fields.ts'
import { NumberField } from './fields.tsx'
import { Group } from './group.tsx'
import styles from './schema.module.css'

/** Whether, by what and how far values may move: since the span before, or between training and serving. */
export function ComparatorFields({ comparator, column, onEdit }: FieldsProps & { comparator: 'drift' | 'skew' }) {
  const { t } = useTranslation()
  const chosen = column[comparator]
  const own = typeof chosen === 'object' ? chosen : undefined
  return (
    <Group title={t(`schema.${comparator}`)}>
      <Switch
        className={styles.switch}
        label={t('schema.compared')}
        checked={chosen !== false}
        onChange={(event) => onEdit([comparator], event.currentTarget.checked ? undefined : false)}
      />
      {chosen !== false && (
        <NumberField
          label={t('schema.threshold')}
          value={own?.threshold}
          onCommit={(value) =>
            value === undefined ? onEdit([comparator], undefined) : onEdit([comparator, 'threshold'], value)
          }
        />
      )}
      {own !== undefined && (
        <Select
          label={t('schema.measure')}
          w={230}
          clearable
          clearButtonProps={{ 'aria-label': t('common.none') }}
          placeholder={t('schema.measureDefault')}
          value={own.measure ?? null}
          data={driftMeasureSchema.options.map((value) => ({ value, label: t(`schema.measures.${value}`) }))}
          onChange={(value) => onEdit([comparator, 'measure'], value ?? undefined)}
        />
      )}
    </Group>
  )
}
