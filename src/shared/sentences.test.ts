import { describe, expect, it } from 'vitest'
import { fillSentence, readSentence, sentence, sentences } from './sentences.ts'

describe('sentences', () => {
  it('are read again as they were filled', () => {
    const values = {
      when: "params.a == 'b'",
      step: 'train',
      more: 'The step "a" failed.',
      version: '3',
      model: 'flights',
    }
    const more = {
      reference: 'flights@champion',
      path: 'a/b c.sql',
      metric: 'auc',
      type: 'number',
      value: '0.5',
      count: '12',
    }
    const texts = {
      values: 'a, b',
      pattern: '[a-z]+',
      span: '3d',
      measure: 'wasserstein',
      name: 'a.b',
      names: 'a, b',
      component: 'model/train',
      problem: 'no end',
      key: 'min',
      column: 'delay',
      comparator: 'drift',
      rule: 'positive',
      environment: 'serving',
      before: 'text',
      keys: '"min"',
      hash: 'abc',
    }
    for (const [key, template] of Object.entries(sentences)) {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
      const all: Record<string, string> = { ...values, ...more, ...texts }
      const given = Object.fromEntries(names.map((name) => [name, all[name] ?? 'missing']))
      expect(readSentence(fillSentence(template, given))).toEqual({ key, values: given })
    }
  })

  it('are filled in English', () => {
    expect(sentence('not-promoted', { version: 3, model: 'flights', more: 'AUC 0.5.' })).toBe(
      'Version 3 of flights was not promoted: AUC 0.5.',
    )
  })

  it('other texts are none of them', () => {
    for (const text of ['', 'flights of March', 'The step was skipped.']) expect(readSentence(text)).toBeUndefined()
  })
})
