/** What texts are made with: the texts and the number formats of one language. */
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Format, useFormat } from '../format.ts'

export interface Speech {
  readonly t: TFunction
  readonly format: Format
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The words of a noun, such as `readingWords`, in the language of the page. */
export function useWords<Words>(wordsOf: (speech: Speech) => Words): Words {
  const { t } = useTranslation()
  const format = useFormat()
  return useMemo(() => wordsOf({ t, format }), [wordsOf, t, format])
}
