import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { ModelVersionDetails } from '#shared/models.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { useDataFormat } from '../../components/previews/data-format.ts'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { ServesAt } from './models-table.tsx'

/** The same in every language. */
const hashName = 'SHA-256'

export function VersionFacts({ version }: { version: ModelVersionDetails }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { manifest, lineage, runId, step } = version
  const { signature } = manifest
  const training = lineage.steps.find(({ component }) => component === 'model/train')
  return (
    <Facts>
      <Fact label={t('models.task')}>{t(`models.task_${signature.task}`)}</Fact>
      <Fact label={t('models.target')}>{signature.target}</Fact>
      {signature.classes.length > 0 && <Fact label={t('models.classes')}>{signature.classes.join(', ')}</Fact>}
      <Fact label={t('models.servesAt')}>
        <ServesAt model={version.model} version={version.version} />
      </Fact>
      <Fact label={t('common.created')}>
        <Moment at={version.createdAt} />
      </Fact>
      <Fact label={t('common.run')}>
        <Link href={`/runs/${runId}?step=${encodeURIComponent(step)}`} className="mono">
          {runId}
        </Link>
      </Fact>
      <Fact label={t('models.trainer')}>
        {t('models.trainedOn', { trainer: manifest.trainer, rows: format.integer(manifest.trainedRows) })}
      </Fact>
      {training !== undefined && (
        <Fact label={t('models.learningCurve')}>
          <Link href={`/runs/${runId}?step=${encodeURIComponent(training.name)}`}>{training.name}</Link>
        </Fact>
      )}
    </Facts>
  )
}

/** What the package holds, and what it was made with. */
export function PackageFacts({ version }: { version: ModelVersionDetails }) {
  const { t } = useTranslation()
  const data = useDataFormat()
  const { manifest, artifactHash } = version
  const { environment } = manifest
  const bytes = version.package.reduce((sum, file) => sum + file.bytes, 0)
  return (
    <Facts>
      <Fact label={t('models.runtime')}>{manifest.runtime}</Fact>
      <Fact label={t('models.size')}>
        {t('models.sizeOfFiles', { size: data.bytes(bytes), count: version.package.length })}
      </Fact>
      <Fact label={t('models.files')}>{version.package.map(({ name }) => name).join(', ')}</Fact>
      <Fact label={t('models.backend')}>{environment.backend}</Fact>
      <Fact label={t('models.environment')}>
        {`Esteira ${environment.esteira} · Node ${environment.node} · ${environment.platform}`}
      </Fact>
      <Fact label={t('models.seed')}>{environment.seed}</Fact>
      <Fact label={hashName}>
        <code className="mono" style={{ overflowWrap: 'anywhere' }}>
          {artifactHash}
        </code>
      </Fact>
    </Facts>
  )
}
