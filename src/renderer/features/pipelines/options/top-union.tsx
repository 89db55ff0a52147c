import type { Json } from '#shared/runs.ts'
import type { Field, UnionForm } from './form-model.ts'
import { isRecord, variantOf } from './form-model.ts'
import { ObjectFields } from './object-fields.tsx'
import { OptionProvider, useOptionActs } from './option-context.ts'
import { OptionField } from './option-field.tsx'
import { SnippetField } from './snippet-field.tsx'
import { useVariantChange } from './union-fields.tsx'

/** Options of one of several forms, such as those of a trainer: the key that chooses is the first field. */
export function TopUnion({ form, value }: { form: UnionForm; value: Record<string, Json> }) {
  const acts = useOptionActs()
  const choose = useVariantChange(form, [], value)
  const { key, variants } = form
  if (key === undefined) {
    const whole: Field = { name: 'with', description: undefined, required: false, default: undefined, form }
    return <SnippetField id="options" field={whole} path={[]} value={value} describedBy={undefined} />
  }
  const variant = variantOf(form, value)
  const choice: Field = {
    name: key,
    description: variant?.description,
    required: true,
    default: undefined,
    form: { kind: 'choice', values: variants.flatMap((each) => each.value ?? []) },
  }
  const choosing = {
    ...acts,
    set: (_: unknown, chosen: Json) => choose(variants.find((each) => each.value === chosen)),
  }
  return (
    <>
      <OptionProvider value={choosing}>
        <OptionField field={choice} path={[key]} value={isRecord(value) ? value[key] : undefined} />
      </OptionProvider>
      {variant?.form.kind === 'object' && <ObjectFields form={variant.form} path={[]} value={value} />}
    </>
  )
}
