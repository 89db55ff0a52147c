import { Button, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../components/empty.tsx'
import { DataIcon } from '../../../components/icons.tsx'
import { useFirstRows } from '../../../components/previews/use-rows.ts'
import { ProblemAlert } from '../../../components/problem-alert.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useDatasetSource, useInferSchema } from '../queries.ts'

/** A text to begin with that is not in a file yet. */
export interface NewSchema {
  readonly file: string
  readonly text: string
}

interface StartSchemaProps {
  projectId: string
  dataset: string
  onStart: (schema: NewSchema) => void
}

/** A dataset without a schema gets one from what it looks like now. */
export function StartSchema({ projectId, dataset, onStart }: StartSchemaProps) {
  const { t } = useTranslation()
  const infer = useInferSchema(projectId, dataset)
  const first = useFirstRows(useDatasetSource(projectId, dataset))
  const [target, setTarget] = useState<string>()
  return (
    <Empty icon={<DataIcon size={32} />} title={t('schema.startTitle')} text={t('schema.startText')}>
      <Stack gap={12} align="center">
        <Select
          w={320}
          label={t('schema.target')}
          description={t('schema.targetHint')}
          placeholder={t('common.none')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('common.none') }}
          value={target ?? null}
          data={first.data?.columns.map(({ name }) => name) ?? []}
          onChange={(value) => setTarget(value ?? undefined)}
        />
        <Button loading={infer.isPending} onClick={() => infer.mutate(target, { onSuccess: onStart })}>
          {t('schema.start')}
        </Button>
        {infer.error !== null && <ProblemAlert problem={problemOf(infer.error)} />}
      </Stack>
    </Empty>
  )
}
