import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../components/copy-button.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Panel } from '../../components/page.tsx'
import { useFormat } from '../../lib/format.ts'
import { useEngine } from '../../lib/queries.ts'
import { SettingRow } from './setting-row.tsx'

export function AboutSection() {
  const { t } = useTranslation()
  const format = useFormat()
  const engine = useEngine()
  return (
    <Panel title={t('settings.section.about')} flush>
      <Loaded query={engine} lines={4}>
        {({ version, home, pid, startedAt, controlUrl, inferenceUrl }) => (
          <>
            <SettingRow label={t('settings.version')}>{version}</SettingRow>
            <SettingRow label={t('settings.engine')}>
              {t('settings.engineFacts', { pid, at: format.dateTime(startedAt) })}
            </SettingRow>
            <Address label={t('settings.home')} hint={t('settings.homeHint')} text={home} />
            <Address label={t('settings.controlApi')} text={`${controlUrl}/api/v1`} />
            {inferenceUrl !== null && <Address label={t('settings.predictions')} text={inferenceUrl} />}
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function Address({ label, hint, text }: { label: string; hint?: string; text: string }) {
  return (
    <SettingRow label={label} {...(hint !== undefined && { hint })}>
      <span className="mono" style={{ overflowWrap: 'anywhere' }}>
        {text}
      </span>
      <CopyButton text={text} />
    </SettingRow>
  )
}
