import { Switch, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RequestLog, RequestLogSettings } from '#shared/requests.ts'
import { Loaded } from '../../../components/loaded.tsx'
import { Panel } from '../../../components/page.tsx'
import { showToast } from '../../../components/toast.tsx'
import { problemOf } from '../../../lib/api.ts'
import { useFormat } from '../../../lib/format.ts'
import { NumberRow } from '../../settings/number-row.tsx'
import { SettingRow } from '../../settings/setting-row.tsx'
import { useChangeRequestLog, useRequestLog } from './queries.ts'
import styles from './requests.module.css'

const mebibyte = 1024 * 1024

/** How the requests of the endpoint are logged. */
export function RequestLogPanel({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation()
  const log = useRequestLog(endpoint)
  return (
    <Panel title={t('requests.log')} flush>
      <Loaded query={log}>{(data) => <Settings endpoint={endpoint} log={data} />}</Loaded>
    </Panel>
  )
}

function Settings({ endpoint, log: { settings, state, bytes } }: { endpoint: string; log: RequestLog }) {
  const { t } = useTranslation()
  const format = useFormat()
  const change = useChangeRequestLog(endpoint)
  /** At once, and taken back by the notice. */
  function save(body: Partial<RequestLogSettings>) {
    const request = (part: Partial<RequestLogSettings>) => ({ params: { name: endpoint }, body: part })
    change.mutate(request(body), {
      onSuccess: () => showToast({ text: t('requests.logChanged'), undo: () => change.mutate(request(settings)) }),
      onError: (error) => showToast({ text: problemOf(error).detail, tone: 'bad' }),
    })
  }
  return (
    <>
      {state.trouble !== null && (
        <p className={styles.trouble} role="alert">
          {t(`requests.trouble_${state.trouble.kind}`, { count: state.dropped })}
        </p>
      )}
      <SettingRow label={t('requests.logOn')} hint={t('requests.logOnHint', { size: format.short(bytes / mebibyte) })}>
        <Switch
          aria-label={t('requests.logOn')}
          checked={settings.on}
          disabled={change.isPending}
          onChange={({ currentTarget: { checked } }) => save({ on: checked })}
        />
      </SettingRow>
      <NumberRow
        id="request-log-sample"
        label={t('requests.sample')}
        hint={t('requests.sampleHint')}
        value={settings.sampleRate * 100}
        min={0}
        max={100}
        suffix=" %"
        onSave={(value) => save({ sampleRate: value / 100 })}
      />
      <SettingRow label={t('requests.redact')} hint={t('requests.redactHint')} htmlFor="request-log-redact">
        <TagsInput id="request-log-redact" value={settings.redact} onChange={(redact) => save({ redact })} w={320} />
      </SettingRow>
      <NumberRow
        id="request-log-days"
        label={t('requests.keepDays')}
        value={settings.keepDays}
        min={1}
        max={3_650}
        suffix={` ${t('requests.days')}`}
        onSave={(keepDays) => save({ keepDays })}
      />
      <NumberRow
        id="request-log-bytes"
        label={t('requests.keepBytes')}
        value={Math.round(settings.keepBytes / mebibyte)}
        min={1}
        max={2 ** 30}
        suffix=" MiB"
        onSave={(value) => save({ keepBytes: value * mebibyte })}
      />
    </>
  )
}
