import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EsteiraError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { parseThing, thingId } from './things.ts'

const hash = 'a1'.repeat(32)

describe('what a person names', () => {
  it.each([
    ['flights/3', { kind: 'version', reference: 'flights/3' }],
    ['flights@champion', { kind: 'version', reference: 'flights@champion' }],
    ['version:flights/3', { kind: 'version', reference: 'flights/3' }],
    ['dataset:flights', { kind: 'dataset', name: 'flights' }],
    ['dataset:p-1/flights', { kind: 'dataset', project: 'p-1', name: 'flights' }],
    ['column:flights.distance', { kind: 'column', dataset: 'flights', column: 'distance' }],
    ['column:p-1/flights.a.b', { kind: 'column', project: 'p-1', dataset: 'flights', column: 'a.b' }],
    ['file:data/flights.csv', { kind: 'file', path: 'data/flights.csv' }],
    ['view:delays', { kind: 'feature-view', name: 'delays' }],
    ['pipeline:train', { kind: 'pipeline', name: 'train' }],
    ['endpoint:flights', { kind: 'endpoint', name: 'flights' }],
    ['step:01abc/train', { kind: 'step', runId: '01abc', step: 'train' }],
    [hash, { kind: 'artifact', hash }],
    [`artifact:${hash.slice(0, 8)}`, { kind: 'artifact', hash: hash.slice(0, 8) }],
  ])('is read: %s', (text, expected) => {
    expect(parseThing(text)).toEqual(expected)
  })

  it('is a run where it is the id of one', () => {
    const id = newId()
    expect(parseThing(id)).toEqual({ kind: 'run', id })
    expect(parseThing(`run:${id}`)).toEqual({ kind: 'run', id })
  })

  it.each(['', 'flights', 'column:flights', 'column:.x', 'step:x', 'artifact:xyz', 'nothing:x', '@', 'a b/3'])(
    'is told with the forms there are where it is none of them: %j',
    (text) => {
      expect(() => parseThing(text)).toThrow(EsteiraError)
    },
  )

  it('of any text is a thing or a clear error, and the full name of a thing names it again', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseThing(text)).toHaveProperty('kind')
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-request' })
        }
      }),
    )
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/)
    fc.assert(
      fc.property(name, name, name, (projectId, dataset, column) => {
        const id = thingId({ kind: 'column', projectId, dataset, column })
        expect(parseThing(id)).toEqual({ kind: 'column', project: projectId, dataset, column })
      }),
    )
  })
})
