import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { YamlEdit } from '#shared/pipelines.ts'
import type { Json } from '#shared/runs.ts'
import { resourcesPath } from './app-paths.ts'
import { editYaml } from './yaml-edit.ts'

const samplePath = join(resourcesPath, 'samples', 'flight-delay')
const train = readFileSync(join(samplePath, 'pipelines', 'train.yaml'), 'utf8')
const schema = readFileSync(join(samplePath, 'schemas', 'flights.yaml'), 'utf8')

const set = (path: YamlEdit['path'], value: Json): YamlEdit => ({ kind: 'set', path, value })
const remove = (...path: YamlEdit['path']): YamlEdit => ({ kind: 'remove', path })
const rename = (path: YamlEdit['path'], key: string): YamlEdit => ({ kind: 'rename', path, key })

/** The lines that an edit takes from a text and adds to it. */
function changes(before: string, edits: YamlEdit[]): { gone: string[]; added: string[] } {
  const after = editYaml(before, edits)
  const [old, now] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++
  let end = 0
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++
  return { gone: old.slice(start, old.length - end), added: now.slice(start, now.length - end) }
}

describe('the sample pipeline', () => {
  it.each<[string, YamlEdit[], { gone: string[]; added: string[] }]>([
    [
      'an option in a flow map is changed',
      [set(['steps', 'split', 'with', 'test'], 0.3)],
      {
        gone: ['    with: { by: time, column: date, test: 0.2, validation: 0.1 }'],
        added: ['    with: { by: time, column: date, test: 0.3, validation: 0.1 }'],
      },
    ],
    [
      'an option is added to a flow map',
      [set(['steps', 'train', 'with', 'epochs'], 20)],
      {
        gone: ['    with: { trainer: neural-network }'],
        added: ['    with: { trainer: neural-network, epochs: 20 }'],
      },
    ],
    [
      'an option is added to a block map',
      [set(['steps', 'extract', 'with', 'limit'], 6000)],
      { gone: [], added: ['      limit: 6000'] },
    ],
    [
      'a quoted text keeps its quotes',
      [set(['steps', 'extract', 'with', 'where'], 'late')],
      {
        gone: [`      where: "date >= '\${{ params.from }}' and date < '\${{ params.to }}'"`],
        added: ['      where: "late"'],
      },
    ],
    [
      'a list is added as its neighbours have theirs',
      [set(['steps', 'prepare', 'needs'], ['check', 'stats'])],
      { gone: [], added: ['    needs: [check, stats]'] },
    ],
    [
      'a key is removed from a flow map',
      [remove('steps', 'evaluate', 'in', 'model')],
      { gone: ['    in: { model: train, data: prepare }'], added: ['    in: { data: prepare }'] },
    ],
    [
      'the only key of a flow map is removed',
      [remove('steps', 'evaluate', 'with', 'slices')],
      { gone: ['    with: { slices: [origin] }'], added: ['    with: {}'] },
    ],
    [
      'a step goes with the comment above it',
      [remove('steps', 'check')],
      {
        gone: [
          '  # Stops the run if the data is not what schemas/flights.yaml says.',
          '  check:',
          '    uses: data/validate',
          '    in: { statistics: stats, data: extract }',
          '    with: { schema: schemas/flights.yaml }',
        ],
        added: [],
      },
    ],
    [
      'a step is added at the end, its parts as those of the others',
      [
        set(['steps', 'again'], {
          uses: 'model/evaluate',
          in: { model: 'train', data: 'prepare' },
          needs: ['check'],
          when: 'params.from != null',
          with: { slices: ['origin'] },
        }),
      ],
      {
        gone: [],
        added: [
          '  again:',
          '    uses: model/evaluate',
          '    in: { model: train, data: prepare }',
          '    needs: [check]',
          '    when: params.from != null',
          '    with: { slices: [origin] }',
        ],
      },
    ],
    ['a step gets another name', [rename(['steps', 'gate'], 'bless')], { gone: ['  gate:'], added: ['  bless:'] }],
    [
      'a whole map set again changes only what differs',
      [
        set(['steps', 'gate', 'with'], {
          metric: 'auc',
          thresholds: { auc: 0.7 },
          against: 'flight-delay@champion',
          minImprovement: -0.005,
          baseline: 'dummy',
          rule: 'hour(date) >= 15',
          slices: { column: 'origin', worst: 0.55, maxDeviation: 0.05 },
          deployment: { endpoint: 'flight-delay', maxLatency: '1s', maxMemoryMb: 512 },
        }),
      ],
      { gone: ['      thresholds: { auc: 0.6 }'], added: ['      thresholds: { auc: 0.7 }'] },
    ],
    [
      'a text of several lines goes into a block',
      [set(['description'], 'One line,\nand another.\n')],
      {
        gone: [
          'description: From flight records to a deployed model, with checks of the data before and of the model after.',
        ],
        added: ['description: |', '  One line,', '  and another.'],
      },
    ],
    [
      'a first trigger',
      [set(['triggers'], [{ schedule: '0 3 * * 1', parameters: { from: '2001-02-01' } }])],
      {
        gone: [],
        added: ['triggers:', '  - schedule: 0 3 * * 1', '    parameters:', '      from: 2001-02-01'],
      },
    ],
  ])('%s', (_, edits, expected) => {
    expect(changes(train, edits)).toEqual(expected)
  })
})

describe('the sample schema', () => {
  it.each<[string, YamlEdit[], { gone: string[]; added: string[] }]>([
    [
      'a new bound in a flow map',
      [set(['columns', 'date', 'domain', 'max'], '2002-01-01')],
      { gone: ['    domain: { min: 2001-01-01 }'], added: ['    domain: { min: 2001-01-01, max: 2002-01-01 }'] },
    ],
    [
      'a new key comes before the blank line and the comment of what follows',
      [set(['columns', 'distance', 'unique'], { max: 9 })],
      { gone: [], added: ['    unique: { max: 9 }'] },
    ],
    [
      'a column goes with its comment and one of the blank lines around it',
      [remove('columns', 'origin')],
      {
        gone: [
          '  # airport codes; a new airport now and then is normal, an explosion of codes is not',
          '  origin:',
          '    type: text',
          '    presence: { minFraction: 1, minCount: 1 }',
          '    unique: { max: 400 }',
          '',
        ],
        added: [],
      },
    ],
    [
      'a new column at the end',
      [
        set(['columns', 'carrier'], {
          type: 'text',
          presence: { minFraction: 0.5 },
          domain: { values: ['AA', 'b, c'] },
        }),
      ],
      {
        gone: [],
        added: [
          '  carrier:',
          '    type: text',
          '    presence: { minFraction: 0.5 }',
          '    domain: { values: [AA, "b, c"] }',
          '',
        ],
      },
    ],
    [
      'an item is added to a flow list',
      [set(['columns', 'late', 'notIn', 1], 'TESTING')],
      { gone: ['    notIn: [SERVING]'], added: ['    notIn: [SERVING, TESTING]'] },
    ],
  ])('%s', (_, edits, expected) => {
    expect(changes(schema, edits)).toEqual(expected)
  })
})

describe('a text', () => {
  it.each<[string, string, YamlEdit[], string]>([
    ['keeps the comment after a value', 'a: 1   # one\nb: 2\n', [set(['a'], 'x: y')], 'a: "x: y"   # one\nb: 2\n'],
    ['without a final line break', 'a: 1', [set(['b'], 2)], 'a: 1\nb: 2'],
    ['without a final line break loses a line', 'a: 1\nb: 2', [remove('b')], 'a: 1'],
    [
      'with CRLF',
      'a:\r\n  b: 1\r\n# c\r\nd: 2\r\n',
      [set(['a', 'c'], { x: 1 }), remove('d')],
      'a:\r\n  b: 1\r\n  c:\r\n    x: 1\r\n',
    ],
    ['that is empty', '', [set(['steps', 'a', 'uses'], 'x')], 'steps:\n  a:\n    uses: x\n'],
    ['of comments alone', '# todo', [set(['a'], 1)], '# todo\na: 1\n'],
    ['of an empty map', '# x\n{} # y\n', [set(['a', 'b'], 1)], '# x\na:\n  b: 1 # y\n'],
    ['with a key without value', 'a: # none\nb: 1\n', [set(['a'], 5)], 'a: 5 # none\nb: 1\n'],
    [
      'with a key without value, filled with a map',
      'steps: # all\n',
      [set(['steps', 'x'], { uses: 'y' })],
      'steps: # all\n  x:\n    uses: y\n',
    ],
    [
      'with a map on lines of its own',
      'a:\n  x: {\n    b: 1, # one\n    c: 2 # two\n  }\n',
      [set(['a', 'x', 'd'], 3), remove('a', 'x', 'b')],
      'a:\n  x: {\n    c: 2, # two\n    d: 3\n  }\n',
    ],
    ['with a last comma', 'a: [1, 2,]\n', [set(['a', 2], 3)], 'a: [1, 2, 3,]\n'],
    [
      'with a list without indentation',
      'a:\n- 1 # x\n- 2\nb: 1\n',
      [set(['a', 2], { k: 1, l: [1] }), remove('a', 0)],
      'a:\n- 2\n- k: 1\n  l: [1]\nb: 1\n',
    ],
    [
      'with maps in a list',
      'a:\n  - b: 1\n    # of c\n    c: 2\n  - b: 3\n    c: 4\n',
      [remove('a', 0, 'b'), remove('a', 1, 'b')],
      'a:\n  -\n    # of c\n    c: 2\n  - c: 4\n',
    ],
    [
      'with a block of lines',
      'q: | # sql\n  select 1\n  from x\n\nb: 1\n',
      [set(['q'], 'select 2\n')],
      'q: | # sql\n  select 2\n\nb: 1\n',
    ],
    ['with a block of lines at its end', 'q: |\n  select 1\n', [set(['b'], 1)], 'q: |\n  select 1\nb: 1\n'],
    ['whose last key goes from a block', 'a: # why\n  b: 1 # x\nc: 2\n', [remove('a', 'b')], 'a: {} # why\nc: 2\n'],
    [
      'with quoted keys',
      '"a b": 1\n\'c\': 2\n',
      [rename(['a b'], 'd'), rename(['c'], "it's")],
      "\"d\": 1\n'it''s': 2\n",
    ],
    ['with keys alone in a flow map', 'a: { b, c }\n', [set(['a', 'b'], 1)], 'a: { b: 1, c }\n'],
    [
      'with an own indentation',
      'a:\n    b:\n        c: 1\n',
      [set(['a', 'd'], { e: { f: { g: 1 } } })],
      'a:\n    b:\n        c: 1\n    d:\n        e:\n            f: { g: 1 }\n',
    ],
    ['with a byte order mark', '\ufeffa: 1\n', [set(['a'], 2)], '\ufeffa: 2\n'],
  ])('%s', (_, text, edits, expected) => {
    expect(editYaml(text, edits)).toBe(expected)
  })

  it.each<[string, string, YamlEdit, string]>([
    ['a step into a text', 'a: x\n', set(['a', 'b'], 1), 'invalid-request'],
    ['something that is not there', 'a: 1\n', remove('b'), 'invalid-request'],
    ['a list item far behind the end', 'a: [1]\n', set(['a', 3], 1), 'invalid-request'],
    ['a name that is taken', 'a: 1\nb: 2\n', rename(['a'], 'b'), 'conflict'],
    ['a text that is not YAML', 'a: [1\n', set(['a'], 1), 'conflict'],
    ['two documents', 'a: 1\n---\nb: 1\n', set(['a'], 1), 'conflict'],
    ['a value that an alias repeats', 'a: &x { y: 1 }\nb: *x\n', set(['a', 'y'], 2), 'conflict'],
    ['a value behind an alias', 'a: &x { y: 1, z: 1 }\nb: *x\n', set(['b', 'y'], 2), 'conflict'],
  ])('refuses %s', (_, text, edit, code) => {
    expect(() => editYaml(text, [edit])).toThrow(expect.objectContaining({ code }))
  })

  it('is not touched by an edit that changes nothing', () => {
    const value: Json = parse(train)
    for (const part of ['name', 'steps', 'parameters']) {
      const same = value !== null && typeof value === 'object' && !Array.isArray(value) ? value[part] : undefined
      expect(editYaml(train, [set([part], same ?? null)])).toBe(train)
    }
  })
})
