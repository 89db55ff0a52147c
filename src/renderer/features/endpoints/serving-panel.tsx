import { useTranslation } from 'react-i18next'
import type { Endpoint } from '#shared/models.ts'
import { Actor } from '../../components/actor.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Fact, Facts } from '../../components/facts.tsx'
import { LongText } from '../../components/long-text.tsx'
import { Panel } from '../../components/page.tsx'
import { Moment } from '../../components/time.tsx'
import { useFormat } from '../../lib/format.ts'
import { ledgerWords } from '../../lib/words/ledger.ts'
import { useWords } from '../../lib/words/speech.ts'
import { latencyText } from './latency-text.ts'
import { useRecentRate } from './live-figures.tsx'
import { Serves } from './serving-list.tsx'

/** What answers, since when and by whom, and how it goes in these seconds. */
export function ServingPanel({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useWords(ledgerWords)
  const { name, revision, url, message } = endpoint
  const rate = useRecentRate(name)
  return (
    <Panel title={t('overview.serving')}>
      <Facts>
        <Fact label={t('endpoints.serves')}>
          <Serves endpoint={endpoint} />
        </Fact>
        <Fact label={t('endpoints.revision')}>{revision?.number ?? '–'}</Fact>
        {revision !== null && (
          <>
            <Fact label={t('endpoints.since')}>
              <Moment at={revision.createdAt} />
            </Fact>
            <Fact label={t('common.actor')}>
              <Actor actor={revision.actor} />
            </Fact>
            {revision.reason !== '' && (
              <Fact label={t('common.reason')}>
                <LongText text={words.reason(revision)} />
              </Fact>
            )}
          </>
        )}
        <Fact label={t('endpoints.url')}>
          {url === null ? (
            t('endpoints.noUrl')
          ) : (
            <>
              <code className="mono" style={{ overflowWrap: 'anywhere' }}>
                {url}
              </code>{' '}
              <CopyButton text={url} />
            </>
          )}
        </Fact>
        {message !== undefined && <Fact label={t('common.details')}>{message}</Fact>}
        <Fact label={t('endpoints.requestsPerSecond')}>{format.short(rate?.requestsPerSecond ?? 0)}</Fact>
        <Fact label={t('endpoints.errorsPerSecond')}>{format.short(rate?.errorsPerSecond ?? 0)}</Fact>
        <Fact label={t('endpoints.p99Now')}>{latencyText(rate?.p99Ms ?? null, format.short)}</Fact>
      </Facts>
    </Panel>
  )
}
