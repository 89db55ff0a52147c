import { expect, it } from 'vitest'
import { copyOfPipeline, problemOfName } from './new-pipeline.ts'

it.each([
  ['', 'nameMissing'],
  ['-train', 'nameForm'],
  ['re train', 'nameForm'],
  ['Train', 'nameTaken'],
  ['train-2', undefined],
  ['previsão', undefined],
])('judges the name %j', (name, problem) => {
  expect(problemOfName(name, ['train'])).toBe(problem)
})

it('copies a file with nothing but its name changed', () => {
  const text = '# Trains.\nname: train # old\nsteps:\n  name: { uses: x }\n'
  expect(copyOfPipeline(text, 'again')).toBe('# Trains.\nname: again # old\nsteps:\n  name: { uses: x }\n')
  expect(copyOfPipeline('name: "my train"\n', '$1')).toBe('name: $1\n')
  expect(copyOfPipeline('steps: {}\n', 'again')).toBe('name: again\nsteps: {}\n')
})
