import { SegmentedControl, Select, Switch, useMantineColorScheme } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type ColorScheme, colorSchemes, type DesktopApi, languages } from '#shared/desktop.ts'
import { Panel } from '../../components/page.tsx'
import { desktop } from '../../lib/desktop.ts'
import { languageNames, setLanguage } from '../../lib/i18n/index.ts'
import { showProblem } from './queries.ts'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'

export function GeneralSection() {
  const { t, i18n } = useTranslation()
  const languageId = useId()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Panel title={t('settings.section.general')} flush>
      <SettingRow label={t('preferences.language')} htmlFor={languageId}>
        <Select
          id={languageId}
          className={styles.choice}
          value={i18n.language}
          data={languages.map((value) => ({ value, label: languageNames[value] }))}
          onChange={(value) => {
            const chosen = languages.find((language) => language === value)
            if (chosen !== undefined) setLanguage(chosen)
          }}
        />
      </SettingRow>
      <SettingRow label={t('preferences.theme')}>
        <SegmentedControl<ColorScheme>
          size="xs"
          aria-label={t('preferences.theme')}
          value={colorScheme}
          onChange={setColorScheme}
          data={colorSchemes.map((value) => ({ value, label: t(`preferences.${value}`) }))}
        />
      </SettingRow>
      {desktop !== undefined && <OpenAtLogin shell={desktop} />}
    </Panel>
  )
}

const openAtLoginKey = ['open-at-login']

function OpenAtLogin({ shell }: { shell: DesktopApi }) {
  const { t } = useTranslation()
  const id = useId()
  const client = useQueryClient()
  const open = useQuery({ queryKey: openAtLoginKey, queryFn: () => shell.getOpenAtLogin() })
  const change = useMutation({
    mutationFn: (wanted: boolean) => shell.setOpenAtLogin({ open: wanted }),
    onSuccess: (now) => client.setQueryData(openAtLoginKey, now),
    onError: showProblem,
  })
  return (
    <SettingRow label={t('settings.openAtLogin')} hint={t('settings.openAtLoginHint')} htmlFor={id}>
      <Switch
        id={id}
        checked={open.data ?? false}
        disabled={open.data === undefined || change.isPending}
        onChange={(event) => change.mutate(event.currentTarget.checked)}
      />
    </SettingRow>
  )
}
