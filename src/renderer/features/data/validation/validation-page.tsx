import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyNote } from '../../../components/empty.tsx'
import { Page } from '../../../components/page.tsx'
import { useRun } from '../../../lib/queries.ts'
import { useSearchParam } from '../../../lib/use-search-param.ts'
import { ValidationReport } from './validation-report.tsx'

/** What a `data/validate` step of a run was given, held against the schema as it is now. */
export default function ValidationPage({ projectId }: { projectId: string }) {
  const { t } = useTranslation()
  const [runId = ''] = useSearchParam('run')
  const [step = ''] = useSearchParam('step')
  const run = useRun(runId)
  const subject = useMemo(() => ({ kind: 'step', runId, step }) as const, [runId, step])
  const runName = run.data === undefined ? t('common.run') : `${run.data.pipeline} ${runId.slice(-6)}`
  return (
    <Page
      title={t('validation.ofStep', { step })}
      crumbs={[
        { label: t('runs.title'), href: '/runs' },
        { label: runName, href: `/runs/${runId}?step=${encodeURIComponent(step)}` },
      ]}
    >
      {step === '' ? (
        <EmptyNote>{t('validation.noStep')}</EmptyNote>
      ) : (
        <ValidationReport projectId={projectId} subject={subject} />
      )}
    </Page>
  )
}
