import { type Language, languages } from '#shared/desktop.ts'

/** What the person chose, else the first language of their system that there is, else English. */
export function preferredLanguage(stored: string | null, system: readonly string[]): Language {
  const chosen = languages.find((language) => language === stored)
  if (chosen !== undefined) return chosen
  const first = system.find((tag) => /^(en|pt)\b/i.test(tag))
  return first !== undefined && /^pt\b/i.test(first) ? 'pt-BR' : 'en'
}
