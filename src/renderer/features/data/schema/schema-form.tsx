import { Button } from '@mantine/core'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { DatasetSchema } from '#shared/schema.ts'
import { EmptyNote } from '../../../components/empty.tsx'
import { type VirtualColumn, VirtualTable } from '../../../components/virtual-table.tsx'
import { ColumnForm } from './column-form.tsx'
import styles from './schema.module.css'
import { columnEdit, newColumnName } from './schema-edits.ts'
import { useRuleText } from './use-rule-text.ts'
import type { SchemaWork } from './use-schema-draft.ts'
import { WholeForm } from './whole-form.tsx'

interface SchemaFormProps {
  work: SchemaWork
  selected: string | undefined
  onSelect: (column: string | undefined) => void
}

/** The schema without YAML: its columns as a table, and the selected one as a form. */
export function SchemaForm({ work, selected, onSelect }: SchemaFormProps) {
  const { t } = useTranslation()
  const { draft } = work.state
  const schema = draft?.schema ?? null
  if (schema === null) {
    return draft === undefined ? <div aria-busy="true" /> : <EmptyNote>{t('schema.unreadableText')}</EmptyNote>
  }
  const names = Object.keys(schema.columns)
  const shown = selected !== undefined && names.includes(selected) ? selected : names[0]
  const column = shown === undefined ? undefined : schema.columns[shown]
  function add() {
    const name = newColumnName(names)
    work.edit({ kind: 'set', path: ['columns', name, 'type'], value: 'text' })
    onSelect(name)
  }
  return (
    <>
      <WholeForm schema={schema} work={work} />
      <div className={styles.listHead}>
        <h3 className={styles.title}>{t('preview.columns', { count: names.length })}</h3>
        <Button size="compact-xs" variant="default" onClick={add}>
          {t('schema.addColumn')}
        </Button>
      </div>
      <div className={styles.list}>
        <ColumnList schema={schema} selected={shown} onSelect={onSelect} />
      </div>
      {shown !== undefined && column !== undefined && (
        <ColumnForm
          key={shown}
          name={shown}
          column={column}
          names={names}
          environments={schema.environments}
          onEdit={(path, value) => work.edit(columnEdit(shown, column, path, value))}
          onEdits={work.edit}
          onRename={(name) => {
            work.edit({ kind: 'rename', path: ['columns', shown], key: name })
            onSelect(name)
          }}
          onRemove={() => {
            work.edit({ kind: 'remove', path: ['columns', shown] })
            onSelect(undefined)
          }}
        />
      )}
    </>
  )
}

interface ColumnListProps {
  schema: DatasetSchema
  selected: string | undefined
  onSelect: (column: string) => void
}

type ListedColumn = [name: string, column: DatasetSchema['columns'][string]]

function ColumnList({ schema, selected, onSelect }: ColumnListProps) {
  const { t } = useTranslation()
  const ruleText = useRuleText()
  const entries = useMemo(() => Object.entries(schema.columns), [schema])
  const columns = useMemo<VirtualColumn<ListedColumn>[]>(
    () => [
      {
        key: 'name',
        label: t('preview.column'),
        widthPx: 150,
        cell: ([name]) => (
          <button type="button" className={styles.name} aria-pressed={name === selected} onClick={() => onSelect(name)}>
            {name}
          </button>
        ),
      },
      { key: 'type', label: t('schema.type'), widthPx: 110, cell: ([, { type }]) => t(`preview.types.${type}`) },
      { key: 'rules', label: t('schema.rules'), widthPx: 340, cell: ([, column]) => ruleText(column) },
    ],
    [t, ruleText, selected, onSelect],
  )
  const rowAt = useCallback((index: number) => entries[index], [entries])
  return (
    <VirtualTable
      label={t('schema.columns')}
      columns={columns}
      count={entries.length}
      rowAt={rowAt}
      rowKey={([name]) => name}
      selected={([name]) => name === selected}
      onRowClick={([name]) => onSelect(name)}
      rowHeightPx={28}
    />
  )
}
