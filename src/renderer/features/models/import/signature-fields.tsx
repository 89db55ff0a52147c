import { Fieldset, Group, MultiSelect, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { taskSchema } from '#shared/models.ts'
import type { ImportForm, Place } from './import-request.ts'

interface SignatureFieldsProps {
  form: Partial<ImportForm>
  change: (part: Partial<ImportForm>) => void
  /** The field that the last try failed at, and why. */
  place: Place | undefined
  detail: string | undefined
}

/** What a person says of the model where its graph does not. */
export function SignatureFields({ form, change, place, detail }: SignatureFieldsProps) {
  const { t } = useTranslation()
  const problemAt = (field: Place) => (field === place ? detail : undefined)
  const inputs = form.inputs ?? []
  return (
    <Fieldset legend={t('models.signature')}>
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          {t('modelImport.signatureHint')}
        </Text>
        <Group gap="sm" grow align="flex-start">
          <TextInput
            label={t('models.target')}
            description={t('modelImport.targetHint')}
            value={form.target ?? ''}
            error={problemAt('target')}
            onChange={({ currentTarget: { value } }) => change({ target: value })}
          />
          <Select
            size="sm"
            label={t('models.task')}
            description={t('modelImport.taskHint')}
            value={form.task ?? ''}
            error={problemAt('task')}
            data={[
              { value: '', label: t('modelImport.fromGraph') },
              ...taskSchema.options.map((value) => ({ value, label: t(`models.task_${value}`) })),
            ]}
            onChange={(value) => change({ task: taskSchema.safeParse(value).data })}
          />
        </Group>
        <Group gap="sm" grow align="flex-start">
          <TagsInput
            label={t('models.classes')}
            description={t('modelImport.classesHint')}
            value={[...(form.classes ?? [])]}
            error={problemAt('classes')}
            onChange={(classes) => change({ classes })}
          />
          <TagsInput
            label={t('models.inputs')}
            description={t('modelImport.inputsHint')}
            value={[...inputs]}
            error={problemAt('inputs')}
            onChange={(names) =>
              change({ inputs: names, missing: (form.missing ?? []).filter((name) => names.includes(name)) })
            }
          />
        </Group>
        {inputs.length > 0 && (
          <MultiSelect
            label={t('modelImport.missing')}
            description={t('modelImport.missingHint')}
            data={inputs}
            value={[...(form.missing ?? [])]}
            onChange={(missing) => change({ missing })}
          />
        )}
      </Stack>
    </Fieldset>
  )
}
