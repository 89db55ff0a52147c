import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Endpoint, Revision } from '#shared/models.ts'
import { Actor } from '../../components/actor.tsx'
import { CodeBlock } from '../../components/code-block.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { Fact, Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { Pill } from '../../components/pill.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { Moment } from '../../components/time.tsx'
import { useEndpoints, useModelVersions, useRevisions } from '../../lib/queries.ts'
import styles from '../models/models.module.css'
import { Serves } from './serving-list.tsx'
import { curlSnippet } from './snippet.ts'

export default function EndpointPage({ name }: { name: string }) {
  const { t } = useTranslation()
  const endpoints = useEndpoints()
  const endpoint = endpoints.data?.find((each) => each.name === name)
  return (
    <Page
      title={name}
      mark={endpoint && <StatusMark status={endpoint.state} pill />}
      crumbs={[{ label: t('endpoints.title'), href: '/endpoints' }]}
    >
      <Loaded query={endpoints}>
        {() => (endpoint === undefined ? t('app.notFoundTitle') : <EndpointView endpoint={endpoint} />)}
      </Loaded>
    </Page>
  )
}

function EndpointView({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  const { revision, url, message } = endpoint
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <Panel title={t('overview.serving')}>
          <Facts>
            <Fact label={t('endpoints.serves')}>
              <Serves endpoint={endpoint} />
            </Fact>
            <Fact label={t('endpoints.revision')}>{revision?.number ?? '–'}</Fact>
            <Fact label={t('endpoints.since')}>{revision === null ? '–' : <Moment at={revision.createdAt} />}</Fact>
            <Fact label={t('endpoints.url')}>
              {url === null ? t('endpoints.noUrl') : <code className="mono">{url}</code>}
            </Fact>
            {message !== undefined && <Fact label={t('common.details')}>{message}</Fact>}
          </Facts>
        </Panel>
      </div>
      {revision !== null && url !== null && <TryIt url={url} revision={revision} />}
      <div className={styles.across}>
        <Revisions endpoint={endpoint} />
      </div>
    </div>
  )
}

function TryIt({ url, revision }: { url: string; revision: Revision }) {
  const { t } = useTranslation()
  const versions = useModelVersions(revision.model)
  const version = versions.data?.items.find((each) => each.version === revision.version)
  return (
    <Panel title={t('endpoints.tryIt')}>
      <Loaded query={versions}>
        {() =>
          version !== undefined && (
            <div className={styles.stack}>
              <span className="muted">{t('endpoints.tryItText')}</span>
              <CodeBlock code={curlSnippet(url, version.signature)} label={t('endpoints.tryIt')} />
            </div>
          )
        }
      </Loaded>
    </Panel>
  )
}

function Revisions({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  const revisions = useRevisions(endpoint.name)
  const columns: Column<Revision>[] = [
    {
      key: 'number',
      label: t('endpoints.revision'),
      cell: ({ id, number }) => (
        <>
          {number} {id === endpoint.revision?.id && <Pill>{t('endpoints.current')}</Pill>}
        </>
      ),
    },
    {
      key: 'version',
      label: t('common.version'),
      cell: ({ model, version }) => (
        <Link href={`/models/${encodeURIComponent(model)}/${version}`}>
          {model} {version}
        </Link>
      ),
    },
    { key: 'at', label: t('common.created'), cell: ({ createdAt }) => <Moment at={createdAt} /> },
    { key: 'actor', label: t('common.actor'), cell: ({ actor }) => <Actor actor={actor} /> },
    { key: 'reason', label: t('common.reason'), wraps: true, cell: ({ reason }) => reason },
  ]
  return (
    <Panel title={t('endpoints.revisions')} flush>
      <Loaded query={revisions}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote>{t('endpoints.noRevisions')}</EmptyNote>
          ) : (
            <Table label={t('endpoints.revisions')} columns={columns} rows={list} rowKey={({ id }) => id} />
          )
        }
      </Loaded>
    </Panel>
  )
}
