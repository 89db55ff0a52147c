import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { FileProblem } from '#shared/errors.ts'
import { parseYamlFile } from './yaml-file.ts'

const schema = z.strictObject({
  name: z.string(),
  mode: z.enum(['fast', 'thorough']).default('fast'),
  count: z.number().int().min(1).optional(),
  tags: z.array(z.string()).default([]),
  parts: z
    .record(z.string(), z.strictObject({ size: z.number(), color: z.enum(['red', 'green']).optional() }))
    .default({}),
})

function problemsOf(text: string): FileProblem[] {
  const parsed = parseYamlFile(text, 'a.yaml', schema)
  return parsed.ok ? [] : parsed.problems
}

describe('a file', () => {
  it('that fits gives its value', () => {
    const parsed = parseYamlFile('name: x\nparts: { a: { size: 1 } }', 'a.yaml', schema)
    expect(parsed).toMatchObject({ ok: true, value: { name: 'x', mode: 'fast', tags: [], parts: { a: { size: 1 } } } })
  })

  it('keeps dates, and words that older YAML took for booleans, as text', () => {
    const parsed = parseYamlFile('name: no\ntags: [2001-01-01, yes, on]', 'a.yaml', schema)
    expect(parsed).toMatchObject({ ok: true, value: { name: 'no', tags: ['2001-01-01', 'yes', 'on'] } })
  })

  it('where it takes one thing or a list, is told what is wrong with the one that was written', () => {
    const part = z.strictObject({ size: z.number(), color: z.union([z.literal('none'), z.array(z.string())]) })
    const either = z.strictObject({ part: z.union([part, z.array(part)]) })
    const problems = (text: string) => {
      const parsed = parseYamlFile(text, 'a.yaml', either)
      return parsed.ok ? [] : parsed.problems.map(({ path, message, nearest }) => [path, message, nearest])
    }
    expect(problems('part: { sise: 1, color: none }')).toEqual([
      ['part.size', '"size" is missing.', undefined],
      ['part.sise', 'The key "sise" is not known here.', 'size'],
    ])
    expect(problems('part: [{ size: 1 }, { size: x, color: [1] }]').map(([path]) => path)).toEqual([
      'part.0.color',
      'part.1.size',
      'part.1.color',
    ])
    expect(problems('part: 3')).toHaveLength(1)
  })

  it('tells everything that is wrong at once, each at its line and column', () => {
    const text = [
      'mode: fats',
      'cuont: 3',
      'tags:',
      '  - ok',
      '  - 7',
      'parts:',
      '  a:',
      '    size: big',
      '    colour: red',
      '  b: { color: gren }',
    ].join('\n')
    expect(problemsOf(text)).toEqual([
      { file: 'a.yaml', line: 1, column: 1, path: 'name', message: '"name" is missing.' },
      {
        file: 'a.yaml',
        line: 1,
        column: 7,
        path: 'mode',
        message: 'This value is not known here.',
        found: 'fats',
        expected: 'one of fast, thorough',
        nearest: 'fast',
      },
      {
        file: 'a.yaml',
        line: 5,
        column: 5,
        path: 'tags.1',
        message: 'Invalid input: expected string, received number.',
        found: '7',
      },
      {
        file: 'a.yaml',
        line: 8,
        column: 11,
        path: 'parts.a.size',
        message: 'Invalid input: expected number, received string.',
        found: 'big',
      },
      {
        file: 'a.yaml',
        line: 9,
        column: 5,
        path: 'parts.a.colour',
        message: 'The key "colour" is not known here.',
        found: 'colour',
        expected: 'one of size, color',
        nearest: 'color',
      },
      { file: 'a.yaml', line: 10, column: 6, path: 'parts.b.size', message: '"size" is missing.' },
      {
        file: 'a.yaml',
        line: 10,
        column: 15,
        path: 'parts.b.color',
        message: 'This value is not known here.',
        found: 'gren',
        expected: 'one of red, green',
        nearest: 'green',
      },
      {
        file: 'a.yaml',
        line: 2,
        column: 1,
        path: 'cuont',
        message: 'The key "cuont" is not known here.',
        found: 'cuont',
        expected: 'one of name, mode, count, tags, parts',
        nearest: 'count',
      },
    ])
  })

  it('with a key twice says where the second one stands', () => {
    expect(problemsOf('name: a\nmode: fast\nname: b')).toEqual([
      { file: 'a.yaml', line: 3, column: 1, message: 'Map keys must be unique.' },
    ])
  })

  it('that is not YAML says where it stops being so', () => {
    expect(problemsOf('name: x\nparts: { a: [1, 2 }')).toMatchObject([{ line: 2 }, { line: 2 }])
    expect(problemsOf('name: x\n\tmode: fast')[0]).toMatchObject({ line: 2 })
  })

  it('that is empty, or holds something else than keys, says so', () => {
    expect(problemsOf('')).toMatchObject([
      { file: 'a.yaml', line: 1, column: 1, message: 'Invalid input: expected object, received null.' },
    ])
    expect(problemsOf('- 1')).toMatchObject([
      { line: 1, column: 1, message: 'Invalid input: expected object, received array.' },
    ])
  })

  it('may use anchors, but does not expand without bound', () => {
    expect(parseYamlFile('name: &n x\ntags: [*n, *n]', 'a.yaml', schema)).toMatchObject({
      ok: true,
      value: { tags: ['x', 'x'] },
    })
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`,
    )
    const problems = problemsOf(['l0: &l0 [x]', ...levels].join('\n'))
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toMatch(/alias/i)
  })

  it('with an alias of nothing says which', () => {
    expect(problemsOf('name: *nowhere')).toMatchObject([
      { line: 1, column: 7, message: expect.stringContaining('nowhere') },
    ])
  })

  it('with an alias inside its own value says which', () => {
    expect(problemsOf('name: x\nparts: &a { size: 1, more: [*a] }')).toMatchObject([
      { line: 2, column: 29, message: 'The alias "*a" stands within its own value.' },
    ])
  })

  it('with a list or an object for a key is refused', () => {
    expect(problemsOf('name: x\nparts: { ? [a, b] : { size: 1 } }')).toMatchObject([{ line: 2 }])
  })

  it('cannot reach the prototype of anything', () => {
    const parsed = parseYamlFile('name: x\nparts: { __proto__: { size: 1 } }', 'a.yaml', schema)
    expect(Object.hasOwn(Object.prototype, 'size')).toBe(false)
    if (parsed.ok) expect(Object.getPrototypeOf(parsed.value.parts)).toBe(Object.prototype)
  })
})

describe('any text', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'name: x',
      '? [a, b]',
      '- *a',
      '&a',
      '!!binary x',
      '<<: *a',
      'parts: {',
      '}',
      '"',
      '%YAML 9',
      '---',
      '...',
      'a: &a [*a]',
      '{}: 1',
      '!t x',
      '? ',
      ': ',
    ),
  )

  it('gives a value or problems, each within the file, and never throws', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.join('\n')
        for (const problem of problemsOf(text)) {
          expect(problem.message).not.toBe('')
          if (problem.line !== undefined) expect(problem.line).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length + 1)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
