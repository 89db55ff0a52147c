import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { colorSchemes, languages } from '#shared/desktop.ts'
import { SettingsIcon } from '../components/icons.tsx'
import { languageNames, setLanguage } from '../lib/i18n/index.ts'
import styles from './shell.module.css'

export function PreferencesMenu() {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
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
        <Menu.RadioGroup value={colorScheme}>
          {colorSchemes.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick onChange={() => setColorScheme(scheme)}>
              {t(`preferences.${scheme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t('preferences.language')}</Menu.Label>
        <Menu.RadioGroup value={i18n.language}>
          {languages.map((language) => (
            <Menu.RadioItem
              key={language}
              value={language}
              closeMenuOnClick
              onChange={() => setLanguage(language)}
              lang={language}
            >
              {languageNames[language]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
