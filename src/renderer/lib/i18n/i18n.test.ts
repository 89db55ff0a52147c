import { describe, expect, it } from 'vitest'
import { errorCatalogue } from '#shared/errors.ts'
import { preferredLanguage } from './language.ts'
import { problemTitlesPtBR } from './problem-titles.ts'
import { en, ptBR } from './texts/index.ts'

type Tree = { readonly [key: string]: string | Tree }

function flatten(tree: Tree, path = ''): Map<string, string> {
  const entries = Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as const] : [...flatten(value, `${path}${key}.`)],
  )
  return new Map(entries)
}

const pluralForm = /_(zero|one|two|few|many|other)$/
const stems = (keys: Iterable<string>) => new Set([...keys].map((key) => key.replace(pluralForm, '')))
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()

const english = flatten(en)
const portuguese = flatten(ptBR)
const sources = Object.entries(
  import.meta.glob<string>('../../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }),
).filter(([path]) => !path.includes('i18n') && !path.endsWith('.test.ts'))

describe('translations', () => {
  it('hold the same keys, none of them empty', () => {
    expect([...stems(portuguese.keys())].sort()).toEqual([...stems(english.keys())].sort())
    expect([...english, ...portuguese].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('have every plural form of their language', () => {
    const missing = [
      ['en', english],
      ['pt-BR', portuguese],
    ] as const
    for (const [language, texts] of missing) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
      const plurals = [...texts.keys()]
        .filter((key) => key.endsWith('_other'))
        .map((key) => key.replace(pluralForm, ''))
      expect(plurals.length).toBeGreaterThan(0)
      expect(
        plurals.flatMap((stem) => forms.map((form) => `${stem}_${form}`)).filter((key) => !texts.has(key)),
      ).toEqual([])
    }
  })

  it('name the same values in both languages', () => {
    const differing = [...portuguese].filter(([key, text]) => {
      const original = english.get(key) ?? english.get(key.replace(pluralForm, '_other')) ?? ''
      return JSON.stringify(placeholders(original)) !== JSON.stringify(placeholders(text))
    })
    expect(differing).toEqual([])
  })

  it('give each problem of the catalogue a title', () => {
    expect(Object.keys(problemTitlesPtBR).sort()).toEqual(Object.keys(errorCatalogue).sort())
  })

  it('are all used', () => {
    expect(sources.length).toBeGreaterThan(30)
    const code = sources.map(([, text]) => text).join('\n')
    // Keys with a changing part, such as `status.${status}`, are used by their beginning.
    const templates = [...code.matchAll(/`([\w.]+)\$\{/g)].map((match) => match[1] ?? '')
    const unused = [...stems(english.keys())].filter(
      (key) => !code.includes(`'${key}'`) && !templates.some((beginning) => key.startsWith(beginning)),
    )
    expect(unused).toEqual([])
  })

  it('leave no visible text in the pages themselves', () => {
    const attribute = /\s(?:label|title|description|aria-label|alt|placeholder)="([^"]*\p{L}{3}[^"]*)"/gu
    const content = />\s*([A-Z][a-z]+(?: [a-z]+)+)[^<{]*</g
    const found = sources
      .filter(([path]) => path.endsWith('.tsx'))
      .flatMap(([path, text]) =>
        [...text.matchAll(attribute), ...text.matchAll(content)].map((m) => `${path}: ${m[1]}`),
      )
    // The name of the app is the same in every language.
    expect(found.filter((text) => !text.endsWith(': Esteira'))).toEqual([])
  })
})

describe('preferredLanguage', () => {
  it('takes what was chosen, then what the system prefers, then English', () => {
    expect(preferredLanguage('pt-BR', ['en-US'])).toBe('pt-BR')
    expect(preferredLanguage(null, ['de', 'pt-PT', 'en'])).toBe('pt-BR')
    expect(preferredLanguage('xx', ['fr', 'en-GB', 'pt'])).toBe('en')
    expect(preferredLanguage(null, ['fr'])).toBe('en')
  })
})
