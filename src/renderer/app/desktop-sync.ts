import { useMantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { languages } from '#shared/desktop.ts'
import { desktop } from '../lib/desktop.ts'
import { showPalette, showShortcuts } from './shortcuts.ts'

const commands = { palette: showPalette, shortcuts: showShortcuts }

/** Keeps the shell in the page's language and colours, goes where menu, tray and notifications point, and does what they ask. */
export function useDesktop(): void {
  const { i18n } = useTranslation()
  const { colorScheme } = useMantineColorScheme()
  const [, navigate] = useLocation()
  useEffect(() => {
    const language = languages.find((each) => each === i18n.language) ?? 'en'
    desktop?.setAppearance({ language, colorScheme }).catch(() => undefined)
  }, [i18n.language, colorScheme])
  useEffect(() => desktop?.onNavigate((path) => navigate(path)), [navigate])
  useEffect(() => desktop?.onCommand((command) => commands[command]()), [])
}
