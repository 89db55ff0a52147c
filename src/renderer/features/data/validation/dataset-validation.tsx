import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { DatasetInfo } from '#shared/data.ts'
import { Empty } from '../../../components/empty.tsx'
import { DataIcon } from '../../../components/icons.tsx'
import { datasetPath } from '../paths.ts'
import { ValidationReport } from './validation-report.tsx'

/** Whether the dataset as it is now is what its schema says. */
export function DatasetValidation({ projectId, info }: { projectId: string; info: DatasetInfo }) {
  const { t } = useTranslation()
  const subject = useMemo(() => ({ kind: 'dataset', dataset: info.name }) as const, [info.name])
  if (info.schemaFile === null) {
    return (
      <Empty icon={<DataIcon size={32} />} title={t('validation.noSchemaTitle')} text={t('validation.noSchemaText')}>
        <Link href={`${datasetPath(projectId, info.name)}?tab=schema`}>{t('validation.makeSchema')}</Link>
      </Empty>
    )
  }
  return <ValidationReport projectId={projectId} subject={subject} />
}
