import { expect, it } from 'vitest'
import type { Signature } from '#shared/models.ts'
import { snippet } from './snippet.ts'

const signature: Signature = {
  task: 'binary',
  target: 'late',
  classes: ['no', 'yes'],
  inputs: [
    { name: "departure o'clock", type: 'timestamp', required: true },
    { name: 'distance', type: 'integer', required: true },
    { name: 'origin', type: 'text', required: true },
    { name: 'cancelled', type: 'boolean', required: false },
    { name: 'speed', type: 'number', required: false },
  ],
}
const url = 'http://127.0.0.1:4871/models/m/predict'
const row = {
  "departure o'clock": '2001-01-01T12:00:00Z',
  distance: 120,
  origin: 'O\'Hare "$HOME" \\',
  cancelled: false,
}
const request = {
  keysRequired: false,
  url,
  signature,
  row,
}

it('writes a command whose body a shell passes on unchanged', () => {
  expect(snippet('curl', request)).toBe(`curl -s 'http://127.0.0.1:4871/models/m/predict' \\
  -H 'content-type: application/json' \\
  -d '{
  "rows": [
    {
      "departure o'\\''clock": "2001-01-01T12:00:00Z",
      "distance": 120,
      "origin": "O'\\''Hare \\"$HOME\\" \\\\",
      "cancelled": false
    }
  ]
}'`)
})

it('writes Python with its own words for true and false', () => {
  const code = snippet('python', request)
  expect(code).toContain('        "cancelled": False,\n    }\n]')
  expect(code).toContain(String.raw`"origin": "O'Hare \"$HOME\" \\",`)
  expect(code).toContain('    "http://127.0.0.1:4871/models/m/predict",')
})

it('writes TypeScript that holds the row', () => {
  const code = snippet('typescript', request)
  const body = /rows: (\[[\s\S]*?\]) \}\)/.exec(code)?.[1]
  expect(JSON.parse(body ?? '')).toEqual([row])
})

it('writes one tensor per given input in the Open Inference Protocol', () => {
  const code = snippet('open-inference', request)
  expect(code).toContain("curl -s 'http://127.0.0.1:4871/v2/models/m/infer'")
  const body = /-d '([\s\S]*)'$/.exec(code)?.[1]?.replaceAll(`'\\''`, "'")
  expect(JSON.parse(body ?? '')).toEqual({
    inputs: [
      { name: "departure o'clock", datatype: 'BYTES', shape: [1, 1], data: ['2001-01-01T12:00:00Z'] },
      { name: 'distance', datatype: 'INT64', shape: [1, 1], data: [120] },
      { name: 'origin', datatype: 'BYTES', shape: [1, 1], data: ['O\'Hare "$HOME" \\'] },
      { name: 'cancelled', datatype: 'BOOL', shape: [1, 1], data: [false] },
    ],
  })
})

it('takes the key from the environment where the endpoint asks for one', () => {
  const withKey = { ...request, keysRequired: true }
  expect(snippet('curl', withKey)).toContain('-H "authorization: Bearer $ESTEIRA_KEY"')
  expect(snippet('open-inference', withKey)).toContain('-H "authorization: Bearer $ESTEIRA_KEY"')
  expect(snippet('python', withKey)).toContain('"Bearer " + os.environ["ESTEIRA_KEY"]}')
  expect(snippet('typescript', withKey)).toContain('authorization: `Bearer ${process.env.ESTEIRA_KEY}`')
})
