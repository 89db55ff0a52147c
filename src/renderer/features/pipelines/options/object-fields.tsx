import type { Json } from '#shared/runs.ts'
import { isRecord, type ObjectForm } from './form-model.ts'
import { type OptionPath, useOptionActs } from './option-context.ts'
import styles from './options.module.css'

interface ObjectFieldsProps {
  form: ObjectForm
  path: OptionPath
  value: Json | undefined
  /** Set in, as a part of an option. */
  nested?: boolean
}

/** The keys of an object, required ones first. */
export function ObjectFields({ form, path, value, nested = false }: ObjectFieldsProps) {
  const { OptionField } = useOptionActs()
  const values = isRecord(value) ? value : {}
  const fields = [...form.fields.filter((field) => field.required), ...form.fields.filter((field) => !field.required)]
  return (
    <div className={nested ? styles.nested : styles.fields}>
      {fields.map((field) => (
        <OptionField key={field.name} field={field} path={[...path, field.name]} value={values[field.name]} />
      ))}
    </div>
  )
}
