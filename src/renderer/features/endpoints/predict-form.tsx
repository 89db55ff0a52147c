import { Button, Group } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelVersionDetails, Signature } from '#shared/models.ts'
import type { EndpointFeature } from '#shared/online.ts'
import { PlayIcon } from '../../components/icons.tsx'
import { showToast } from '../../components/toast.tsx'
import { problemOf } from '../../lib/api.ts'
import styles from './endpoints.module.css'
import { Field } from './field.tsx'
import { type FormTexts, formOfRow, initialForm, parseForm, type Row } from './form.ts'
import { withoutFilled } from './form-features.ts'
import { useTestRow } from './queries.ts'

interface PredictFormProps {
  version: ModelVersionDetails
  /** What the form asks for: see `formSignature`. */
  signature: Signature
  features: readonly EndpointFeature[]
  texts: FormTexts
  pending: boolean
  onChange: (texts: FormTexts) => void
  onSubmit: (row: Row) => void
}

/** One field per input, filled with usual values at first. */
export function PredictForm({ version, signature, features, texts, pending, onChange, onSubmit }: PredictFormProps) {
  const { t } = useTranslation()
  const [checked, setChecked] = useState(false)
  const parsed = parseForm(signature, texts)
  const testRow = useTestRow()

  function submit(event: SubmitEvent) {
    event.preventDefault()
    setChecked(true)
    if (parsed.row !== undefined) onSubmit(parsed.row)
  }
  function fillFromTest() {
    testRow.mutate(version, {
      onSuccess: (row) => row !== undefined && onChange(formOfRow(signature, row)),
      onError: (error) => showToast({ text: problemOf(error).detail, tone: 'bad' }),
    })
  }
  return (
    <form onSubmit={submit} noValidate aria-label={t('endpoints.predict')}>
      <div className={styles.fields}>
        {signature.inputs.map((input) => (
          <Field
            key={input.name}
            input={input}
            filledBy={features.find(({ column }) => column === input.name)}
            text={texts[input.name] ?? ''}
            problem={checked ? parsed.problems?.[input.name] : undefined}
            onChange={(text) => onChange({ ...texts, [input.name]: text })}
          />
        ))}
      </div>
      <Group gap={8} mt={12}>
        <Button type="submit" loading={pending} leftSection={<PlayIcon size={14} />}>
          {t('endpoints.ask')}
        </Button>
        {version.evaluation !== null && (
          <Button variant="default" loading={testRow.isPending} onClick={fillFromTest}>
            {t('endpoints.fromTest')}
          </Button>
        )}
        <Button variant="subtle" onClick={() => onChange(withoutFilled(initialForm(signature), features))}>
          {t('endpoints.usualValues')}
        </Button>
      </Group>
    </form>
  )
}
