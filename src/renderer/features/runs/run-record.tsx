import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RunRecord } from '#shared/run-record.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { useFormat } from '../../lib/format.ts'
import { lineageHref } from '../lineage/links.ts'
import { useRunRecord } from './reproduce/queries.ts'

/** What the run was made with, beside its parameters: who, on what, with which versions, changes and files. */
export function RunRecordFacts({ runId, ended }: { runId: string; ended: boolean }) {
  const record = useRunRecord(runId, ended)
  return <Loaded query={record}>{(data) => <Record record={data} />}</Loaded>
}

function Record({ record }: { record: RunRecord }) {
  const { t } = useTranslation()
  const { osUser, environment, backends, git, previousModels, components, sources, reproduces } = record
  return (
    <Facts>
      {reproduces !== null && (
        <Fact label={t('record.reproduces')}>
          <Link href={`/runs/${reproduces}`} className="mono">
            {reproduces}
          </Link>
        </Fact>
      )}
      {osUser !== null && <Fact label={t('record.user')}>{osUser}</Fact>}
      {environment !== null && (
        <Fact label={t('record.environment')}>
          Esteira {environment.esteira}, Node {environment.node}, {environment.platform}
          {backends.map((backend) => (
            <div key={backend}>{backend}</div>
          ))}
        </Fact>
      )}
      {git?.changes && <Changes changes={git.changes} />}
      {previousModels.map(({ model, alias, version }) => (
        <Fact key={model} label={t('record.before')}>
          <Link href={`/models/${encodeURIComponent(model)}/${version}`}>
            {model}@{alias}: {version}
          </Link>
        </Fact>
      ))}
      <Fact label={t('record.components')}>
        {components.map(({ step, component, version }) => (
          <div key={step} className="mono">
            {step}: {component} {version ?? ''}
          </div>
        ))}
      </Fact>
      {sources.length > 0 && (
        <Fact label={t('record.files')}>
          {sources.map(({ step, path, sha256 }) => (
            <div key={`${step} ${path}`} className="mono">
              {path} <span className="muted">{sha256.slice(0, 12)}</span>
            </div>
          ))}
        </Fact>
      )}
      <Metrics record={record} />
    </Facts>
  )
}

function Changes({
  changes: { files, fileCount, omitted, artifactHash },
}: {
  changes: NonNullable<NonNullable<RunRecord['git']>['changes']>
}) {
  const { t } = useTranslation()
  const left = new Set(omitted.map(({ path }) => path))
  return (
    <Fact label={t('record.changes', { count: fileCount })}>
      {files.map((file) => (
        <div key={file} className="mono">
          {file} {left.has(file) && <span className="muted">{t('record.omitted')}</span>}
        </div>
      ))}
      {artifactHash !== null && <Link href={lineageHref(artifactHash)}>{t('record.patch')}</Link>}
    </Fact>
  )
}

/** Of training and test rows side by side: far better on the first is overfitting. */
function Metrics({ record: { metrics } }: { record: RunRecord }) {
  const { t } = useTranslation()
  const format = useFormat()
  const lines = metrics.flatMap(({ step, training, validation, test }) =>
    Object.entries({ training, validation, test }).flatMap(([part, values]) =>
      values === null ? [] : [{ key: `${step} ${part}`, text: `${step}, ${part}`, values }],
    ),
  )
  if (lines.length === 0) return null
  return (
    <Fact label={t('common.metrics')}>
      {lines.map(({ key, text, values }) => (
        <div key={key}>
          {text}:{' '}
          <span className="mono">
            {Object.entries(values)
              .map(([name, value]) => `${name} ${format.metric(value)}`)
              .join(', ')}
          </span>
        </div>
      ))}
    </Fact>
  )
}
