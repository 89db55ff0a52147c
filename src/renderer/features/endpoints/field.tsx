import { Autocomplete, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SignatureInput } from '#shared/models.ts'
import type { EndpointFeature } from '#shared/online.ts'
import type { FieldProblem } from './form.ts'

interface FieldProps {
  input: SignatureInput
  /** What fills it where it is left empty. */
  filledBy: EndpointFeature | undefined
  text: string
  problem: FieldProblem | undefined
  onChange: (text: string) => void
}

/** How many suggestions stand in the list. */
const shownExamples = 30

/** The field of one input: a choice, a text with suggestions, or a text that holds a number or an instant. */
export function Field({ input, filledBy, text, problem, onChange }: FieldProps) {
  const { t } = useTranslation()
  const { name, type, required, examples = [] } = input
  const described = required
    ? t(`models.type_${type}`)
    : t('endpoints.mayBeMissing', { type: t(`models.type_${type}`) })
  const shared = {
    size: 'sm',
    label: name,
    withAsterisk: required,
    description: filledBy === undefined ? described : <FilledBy feature={filledBy} />,
    error: problem === undefined ? undefined : t(`endpoints.problem_${problem}`),
  } as const
  if (type === 'boolean') {
    const data = [
      { value: 'true', label: t('endpoints.true') },
      { value: 'false', label: t('endpoints.false') },
    ]
    return (
      <Select
        {...shared}
        data={data}
        value={text === '' ? null : text}
        clearable={!required}
        clearButtonProps={{ 'aria-label': t('endpoints.leaveOut', { name }) }}
        onChange={(value) => onChange(value ?? '')}
      />
    )
  }
  if (type === 'text') {
    return <Autocomplete {...shared} data={examples} limit={shownExamples} value={text} onChange={onChange} />
  }
  return (
    <TextInput
      {...shared}
      inputMode={type === 'timestamp' ? 'text' : 'decimal'}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function FilledBy({ feature: { view, entity, online } }: { feature: EndpointFeature }) {
  const { t } = useTranslation()
  const by = entity.map(({ column }) => column).join(', ')
  return t(online === null ? 'online.notThere' : 'online.filledFrom', { view, entity: by })
}
