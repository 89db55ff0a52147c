import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Json } from '#shared/runs.ts'
import { parameterText } from '../parameter-value.ts'
import { type Field, firstOfVariant, isRecord, type UnionForm, type Variant, variantOf } from './form-model.ts'
import { ObjectFields } from './object-fields.tsx'
import { type ControlProps, type OptionPath, useOptionActs } from './option-context.ts'
import styles from './options.module.css'

/** A value of one of several forms: which of them, and then that form. */
export function UnionFields(props: ControlProps & { form: UnionForm }) {
  const { id, form, field, path, value, describedBy } = props
  const { t } = useTranslation()
  const choose = useVariantChange(form, path, value)
  const variant = value === undefined ? undefined : variantOf(form, value)
  const labels = form.variants.map((each) =>
    each.value === undefined ? t(`pipelines.form.${each.form.kind}`) : String(each.value),
  )
  return (
    <div className={styles.union}>
      <Select
        id={id}
        size="xs"
        aria-describedby={describedBy}
        placeholder={
          field.default === undefined ? undefined : t('pipelines.defaultValue', { value: parameterText(field.default) })
        }
        data={labels.map((label, index) => ({ value: String(index), label }))}
        value={variant === undefined ? null : String(form.variants.indexOf(variant))}
        onChange={(index) => choose(form.variants[Number(index)])}
      />
      {variant !== undefined && <VariantBody variant={variant} field={field} path={path} value={value} />}
    </div>
  )
}

interface VariantBodyProps {
  variant: Variant
  field: Field
  path: OptionPath
  value: Json | undefined
}

export function VariantBody({ variant, field, path, value }: VariantBodyProps) {
  const { t } = useTranslation()
  const { OptionField } = useOptionActs()
  if (variant.form.kind === 'object') return <ObjectFields form={variant.form} path={path} value={value} nested />
  // A variant of one value is said by its name.
  if (variant.value !== undefined) return null
  const name = t(`pipelines.form.${variant.form.kind}`)
  const inner: Field = { ...field, name, description: variant.description, required: false, form: variant.form }
  return (
    <div className={styles.nested}>
      <OptionField field={inner} path={path} value={value} />
    </div>
  )
}

/** Changes to another form; what both forms know is kept. */
export function useVariantChange(form: UnionForm, path: OptionPath, value: Json | undefined) {
  const acts = useOptionActs()
  return (variant: Variant | undefined) => {
    if (variant === undefined) return
    const { key } = form
    if (key === undefined || variant.value === undefined || !isRecord(value)) {
      acts.set(path, firstOfVariant(form, variant))
      return
    }
    const known = variant.form.kind === 'object' ? variant.form.fields.map(({ name }) => name) : []
    const unknown = Object.keys(value).filter((name) => name !== key && !known.includes(name))
    acts.change(
      [{ path: [...path, key], value: variant.value }],
      unknown.map((name) => [...path, name]),
    )
  }
}
