import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { colorSchemes, languages } from '#shared/desktop.ts'
import { CheckIcon, SettingsIcon } from '../components/icons.tsx'
import { setLanguage } from '../lib/i18n/index.ts'
import styles from './shell.module.css'

/** Each language in its own words, so that it can be found from any other. */
const languageNames = { en: 'English', 'pt-BR': 'Português (Brasil)' } as const

export function PreferencesMenu() {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const chosen = (is: boolean) => (is ? <CheckIcon size={14} /> : <span style={{ width: 14 }} />)
  return (
    <Menu position="right-end" width={210}>
      <Menu.Target>
        <UnstyledButton className={styles.item}>
          <SettingsIcon size={17} />
          <span className={styles.label}>{t('preferences.open')}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('preferences.theme')}</Menu.Label>
        {colorSchemes.map((scheme) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={scheme === colorScheme}
            leftSection={chosen(scheme === colorScheme)}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`preferences.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('preferences.language')}</Menu.Label>
        {languages.map((language) => (
          <Menu.Item
            key={language}
            role="menuitemradio"
            aria-checked={language === i18n.language}
            leftSection={chosen(language === i18n.language)}
            onClick={() => setLanguage(language)}
            lang={language}
          >
            {languageNames[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
