/** Stored sentences of the engine in the language of the page; a text that is none of them stays as it is. Pure. */
import { fillSentence, readSentence } from '#shared/sentences.ts'
import type { Speech } from './speech.ts'

export function sentenceWords({ t }: Speech) {
  function text(told: string): string {
    const found = readSentence(told)
    if (found === undefined) return told
    const { more, ...values } = found.values
    return fillSentence(t(`sentence.${found.key}`), { ...values, ...(more !== undefined && { more: text(more) }) })
  }

  return { text }
}
