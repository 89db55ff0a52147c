import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComponentInfo, DraftStep, PipelineEdit } from '#shared/pipelines.ts'
import { useEditor } from '../editor/use-pipeline-editor.ts'
import { formOf } from './form-model.ts'
import { readJsonSchema } from './json-schema.ts'
import { ObjectFields } from './object-fields.tsx'
import { type OptionActs, type OptionPath, OptionProvider } from './option-context.ts'
import { removalsOf } from './option-edits.ts'
import { OptionField } from './option-field.tsx'
import styles from './options.module.css'
import { SnippetField } from './snippet-field.tsx'
import { TopUnion } from './top-union.tsx'
import { useSuggestions } from './use-suggestions.ts'

/** The options of a step, as its component describes them. */
export function OptionsForm({ step, component }: { step: DraftStep; component: ComponentInfo }) {
  const { t } = useTranslation()
  const acts = useActs(step)
  const form = useMemo(() => formOf(readJsonSchema(component.options) ?? {}), [component])
  const empty = form.kind === 'object' && form.fields.length === 0 && Object.keys(step.options).length === 0
  if (empty) return <p className={styles.help}>{t('pipelines.noOptions')}</p>
  const unknown =
    form.kind === 'object'
      ? unknownOptions(
          step,
          form.fields.map(({ name }) => name),
        )
      : []
  return (
    <OptionProvider value={acts}>
      {form.kind === 'object' && <ObjectFields form={form} path={[]} value={step.options} />}
      {form.kind === 'union' && <TopUnion form={form} value={step.options} />}
      {form.kind !== 'object' && form.kind !== 'union' && (
        <SnippetField id="options" field={wholeField} path={[]} value={step.options} describedBy={undefined} />
      )}
      {unknown.length > 0 && (
        <div className={styles.fields}>
          {unknown.map((name) => (
            <OptionField
              key={name}
              field={{ ...wholeField, name, description: t('pipelines.unknownOption') }}
              path={[name]}
              value={step.options[name]}
            />
          ))}
        </div>
      )}
    </OptionProvider>
  )
}

const wholeField = {
  name: 'with',
  description: undefined,
  required: false,
  default: undefined,
  form: { kind: 'snippet' },
} as const

function unknownOptions(step: DraftStep, known: readonly string[]): string[] {
  return Object.keys(step.options).filter((name) => !known.includes(name))
}

function useActs(step: DraftStep): OptionActs {
  const { edit, draft } = useEditor()
  const suggest = useSuggestions(step)
  const at = (path: OptionPath) => ['steps', step.name, 'with', ...path]
  const set = (path: OptionPath, value: OptionActsValue): PipelineEdit => ({ kind: 'set', path: at(path), value })
  const mergeOf = (path: OptionPath) => at(path).join('\n')
  return {
    OptionField,
    set: (path, value) => void edit([set(path, value)], mergeOf(path)),
    remove: (path) => void edit(removalsOf(step, [path])),
    change: (sets, removes) =>
      void edit([...sets.map(({ path, value }) => set(path, value)), ...removalsOf(step, removes, sets.length > 0)]),
    suggest,
    parameters: Object.keys(draft?.parameters ?? {}),
  }
}
type OptionActsValue = Parameters<OptionActs['set']>[1]
