import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from '#shared/desktop.ts'
import { preferredLanguage } from './language.ts'
import { en, ptBR } from './texts/index.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
  }
}

const storageKey = 'esteira-language'

/** Each language in its own words, so that it can be found from any other. */
export const languageNames = { en: 'English', 'pt-BR': 'Português (Brasil)' } as const satisfies Record<
  Language,
  string
>

export function startTranslations(): void {
  const language = preferredLanguage(localStorage.getItem(storageKey), navigator.languages)
  i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, 'pt-BR': { translation: ptBR } },
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  document.documentElement.lang = language
}

export function setLanguage(language: Language): void {
  localStorage.setItem(storageKey, language)
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}
