import { expect, it } from 'vitest'
import type { Signature } from '#shared/models.ts'
import { curlSnippet } from './snippet.ts'

const signature: Signature = {
  task: 'binary',
  target: 'late',
  classes: ['no', 'yes'],
  inputs: [
    { name: "departure o'clock", type: 'timestamp', required: true },
    { name: 'distance', type: 'integer', required: true, examples: ['120'] },
    { name: 'origin', type: 'text', required: true, examples: ["O'Hare $HOME"] },
    { name: 'cancelled', type: 'boolean', required: false, examples: ['false'] },
  ],
}

it('writes a command whose body a shell passes on unchanged', () => {
  expect(
    curlSnippet('http://127.0.0.1:4871/models/m/predict', signature),
  ).toBe(`curl -s 'http://127.0.0.1:4871/models/m/predict' \\
  -H 'content-type: application/json' \\
  -d '{
  "rows": [
    {
      "departure o'\\''clock": "2001-01-01T12:00:00Z",
      "distance": 120,
      "origin": "O'\\''Hare $HOME",
      "cancelled": false
    }
  ]
}'`)
})
