/** For tests: the speech of a language, without a page. */
import i18next from 'i18next'
import type { Language } from '#shared/desktop.ts'
import { formatOf } from '../format.ts'
import { en, ptBR } from '../i18n/texts/index.ts'
import type { Speech } from './speech.ts'

export function speechOf(language: Language): Speech {
  const instance = i18next.createInstance()
  instance.init({
    lng: language,
    resources: { en: { translation: en }, 'pt-BR': { translation: ptBR } },
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  return { t: instance.t, format: formatOf(language) }
}
