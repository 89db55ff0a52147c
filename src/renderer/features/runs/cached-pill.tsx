import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { StepExecution } from '#shared/runs.ts'
import { CacheIcon } from '../../components/icons.tsx'
import { Pill } from '../../components/pill.tsx'
import { shortRunId } from './run-id.ts'

/** Says that the step was not run again, and which run made its result. */
export function CachedPill({ step }: { step: StepExecution }) {
  const { t } = useTranslation()
  return (
    <Pill icon={<CacheIcon size={11} />}>
      {t('run.cached')}
      {step.cachedFrom !== undefined && (
        <>
          {' '}
          <Link href={`/runs/${step.cachedFrom}?step=${encodeURIComponent(step.name)}`}>
            {t('run.madeBy', { run: shortRunId(step.cachedFrom) })}
          </Link>
        </>
      )}
    </Pill>
  )
}
