/** Stored sentences of the engine in the language of the page; a text that is none of them stays as it is. Pure. */
import { fillSentence, readSentence } from '#shared/sentences.ts'
import { measureName } from './drift-measures.ts'
import type { Speech } from './speech.ts'

export function sentenceWords({ t, format }: Speech) {
  function text(told: string): string {
    const found = readSentence(told)
    if (found === undefined) return told
    const values = Object.entries(found.values).map(([name, value]) => [name, valueText(name, value)] as const)
    return fillSentence(t(`sentence.${found.key}`), Object.fromEntries(values))
  }

  function valueText(name: string, value: string): string {
    switch (name) {
      case 'more':
        return text(value)
      case 'measure':
        return measureName({ t }, value)
      case 'count':
        return /^\d+$/.test(value) ? format.integer(Number(value)) : value
      case 'value':
        return /^-?\d+(\.\d+)?$/.test(value) ? format.exact(Number(value)) : value
      default:
        return value
    }
  }

  return { text }
}
