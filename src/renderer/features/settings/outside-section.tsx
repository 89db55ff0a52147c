import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { OutsideState } from '#shared/engine.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { EmptyNote } from '../../components/empty.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { Pill } from '../../components/pill.tsx'
import { StatusMark } from '../../components/status.tsx'
import { type Column, Table } from '../../components/table.tsx'
import { useOutside } from './queries.ts'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'

const example =
  'esteira serve --inference-host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem --inference-name models.example.org'

/** Whether other machines may ask endpoints, where and which, and what to do to change it: it is the command line's to say. */
export function OutsideSection() {
  const { t } = useTranslation()
  const outside = useOutside()
  return (
    <Panel title={t('settings.section.outside')} flush>
      <Loaded query={outside}>
        {(state) => (
          <>
            <Listener listener={state.listener} />
            <Endpoints state={state} />
            <HowTo state={state} />
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function Listener({ listener }: Pick<OutsideState, 'listener'>) {
  const { t } = useTranslation()
  if (listener === null) {
    return (
      <SettingRow label={t('common.status')} hint={t('outside.closedHint')}>
        <StatusMark status="empty" text={t('outside.closed')} />
      </SettingRow>
    )
  }
  const encryption = listener.url.startsWith('https:') ? 'secure' : 'plain'
  return (
    <>
      <SettingRow label={t('common.status')} hint={t(`outside.${encryption}Hint`)}>
        <StatusMark status={encryption === 'secure' ? 'ok' : 'warning'} text={t(`outside.${encryption}`)} />
        <code className="mono">{listener.url}</code>
        <CopyButton text={listener.url} />
      </SettingRow>
      <SettingRow label={t('outside.names')} hint={t('outside.namesHint')}>
        {listener.names.map((name) => (
          <Pill key={name}>{name}</Pill>
        ))}
      </SettingRow>
    </>
  )
}

type Holding = OutsideState['endpoints'][number]

function Endpoints({ state: { listener, endpoints } }: { state: OutsideState }) {
  const { t } = useTranslation()
  const columns: Column<Holding>[] = [
    {
      key: 'name',
      label: t('outside.endpoint'),
      cell: ({ name }) => <Link href={`/endpoints/${encodeURIComponent(name)}`}>{name}</Link>,
    },
    { key: 'keys', label: t('outside.keys'), numeric: true, cell: ({ keys }) => keys },
    {
      key: 'required',
      label: t('outside.required'),
      cell: ({ keysRequired }) => t(keysRequired ? 'outside.yes' : 'outside.no'),
    },
    {
      key: 'outside',
      label: t('outside.fromOutside'),
      cell: (endpoint) => <FromOutside endpoint={endpoint} isOpen={listener !== null} />,
    },
  ]
  if (endpoints.length === 0) return <EmptyNote>{t('outside.noEndpoints')}</EmptyNote>
  return <Table label={t('settings.section.outside')} columns={columns} rows={endpoints} rowKey={({ name }) => name} />
}

function FromOutside({ endpoint: { keys, keysRequired }, isOpen }: { endpoint: Holding; isOpen: boolean }) {
  const { t } = useTranslation()
  if (keys === 0) return <StatusMark status="warning" text={t(isOpen ? 'outside.silentNow' : 'outside.needsKey')} />
  if (isOpen) return <StatusMark status="ok" text={t('outside.answersNow')} />
  if (!keysRequired) return <StatusMark status="warning" text={t('outside.needsRequiring')} />
  return <StatusMark status="ok" text={t('outside.readyFor')} />
}

function HowTo({ state: { listener, endpoints } }: { state: OutsideState }) {
  const { t } = useTranslation()
  if (listener !== null) {
    return (
      <>
        <h3 className={styles.sub}>{t('outside.turnOff')}</h3>
        <p className={styles.note}>{t('outside.turnOffText')}</p>
      </>
    )
  }
  const ready = endpoints.every(({ keysRequired }) => keysRequired)
  return (
    <>
      <h3 className={styles.sub}>{t('outside.turnOn')}</h3>
      <p className={styles.note}>{t(ready ? 'outside.turnOnReady' : 'outside.turnOnFirst')}</p>
      <div className={styles.command}>
        <CodeBlock code={example} label={t('outside.command')} />
      </div>
      <p className={styles.note}>{t('outside.turnOnText')}</p>
    </>
  )
}
