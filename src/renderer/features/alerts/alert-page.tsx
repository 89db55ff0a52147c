import { Button, Group, Stack, Textarea } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { AlertDetails } from '#shared/alerts.ts'
import { Fact, Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { Duration, Moment } from '../../components/time.tsx'
import { problemOf } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { readingWords } from '../../lib/words/readings.ts'
import { useWords } from '../../lib/words/speech.ts'
import { AlertHistory } from './alert-history.tsx'
import styles from './alerts.module.css'
import { useAcknowledge, useAlert } from './queries.ts'
import { SeverityMark } from './severity-mark.tsx'

/** One alert: what was read, who was told, what followed. */
export default function AlertPage({ id }: { id: string }) {
  const { t } = useTranslation()
  const alert = useAlert(id)
  return (
    <Page
      title={alert.data === undefined ? t('common.alert') : `${alert.data.monitor} · ${alert.data.check}`}
      mark={alert.data && <SeverityMark alert={alert.data} />}
      crumbs={[{ label: t('alerts.title'), href: '/alerts' }]}
    >
      <Loaded query={alert} lines={8}>
        {(data) => (
          <div className={styles.columns}>
            <Panel title={t('alerts.history')}>
              <AlertHistory alert={data} />
            </Panel>
            <div className={styles.column}>
              <About alert={data} />
              {data.state === 'open' && <Acknowledge alert={data} />}
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function About({ alert }: { alert: AlertDetails }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useWords(readingWords)
  const { reading, endpoint, raisedAt, clearedAt, worst, acknowledged } = alert
  const { model, version, from, to, rows, estimate } = reading
  return (
    <Panel title={t('alerts.about')}>
      <Facts>
        <Fact label={t('alerts.found')}>
          {words.reason(reading)} {estimate && <span className="muted">{t('alerts.estimate')}</span>}
        </Fact>
        <Fact label={t('alerts.window')}>{`${format.dateTime(from)} – ${format.dateTime(to)}`}</Fact>
        <Fact label={t('alerts.rows')}>{format.integer(rows)}</Fact>
        <Fact label={t('palette.endpoint')}>
          <Link href={`/endpoints/${encodeURIComponent(endpoint)}?tab=timeline`}>{endpoint}</Link>
        </Fact>
        {model !== null && version !== null && (
          <Fact label={t('common.model')}>
            <Link href={`/models/${encodeURIComponent(model)}/${version}`}>{`${model} ${version}`}</Link>
          </Fact>
        )}
        <Fact label={t('alerts.raised')}>
          <Moment at={raisedAt} />
        </Fact>
        <Fact label={t('alerts.lasts')}>
          <Duration startedAt={raisedAt} finishedAt={clearedAt} />
        </Fact>
        <Fact label={t('alerts.worst')}>{t(`alerts.severity.${worst}`)}</Fact>
        {acknowledged !== null && (
          <Fact label={t('alerts.seenTo')}>
            {t('alerts.by', { name: acknowledged.by })}
            {acknowledged.note !== '' && <span className="muted">: {acknowledged.note}</span>}
          </Fact>
        )}
      </Facts>
    </Panel>
  )
}

const maxNote = 1_000

/** Says that someone has seen to it, with what is known of it. */
function Acknowledge({ alert: { id, acknowledged } }: { alert: AlertDetails }) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const acknowledge = useAcknowledge()
  function submit(event: SubmitEvent) {
    event.preventDefault()
    acknowledge.mutate({ params: { id }, body: { by: 'gui', note: note.trim() } }, { onSuccess: () => setNote('') })
  }
  return (
    <Panel title={t('alerts.acknowledge')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Textarea
            label={t('alerts.note')}
            description={t('alerts.noteHint')}
            value={note}
            maxLength={maxNote}
            autosize
            minRows={2}
            onChange={({ currentTarget: { value } }) => setNote(value)}
          />
          {acknowledge.error !== null && <ProblemAlert problem={problemOf(acknowledge.error)} />}
          <Group justify="flex-end">
            <Button
              type="submit"
              loading={acknowledge.isPending}
              variant={acknowledged === null ? 'filled' : 'default'}
            >
              {t(acknowledged === null ? 'alerts.acknowledge' : 'alerts.acknowledgeAgain')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}
