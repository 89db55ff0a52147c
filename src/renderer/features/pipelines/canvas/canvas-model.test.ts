import { expect, it } from 'vitest'
import { canvasEdges, canvasStep } from './canvas-model.ts'
import { catalogue, from, stepOf } from './fixtures.ts'

const settings = { options: {}, retry: null, timeoutMinutes: null, cache: true, lines: { from: 1, to: 1 } }

it('shows declared inputs first, marks those that miss, and keeps ones that nobody knows', () => {
  const step = { ...stepOf('join', 'data/join', { inputs: { table: from('extract') } }), ...settings }
  const { inputs } = canvasStep(step, catalogue.get('data/join'), 2)
  expect(inputs.map(({ name, missing, connected, types }) => [name, missing, connected, types])).toEqual([
    ['tables', true, false, ['table']],
    ['table', false, true, []],
  ])
})

it('shows what is written of a step whose component is not known', () => {
  const step = { ...stepOf('x', 'data/gone', { inputs: { data: from('extract') }, when: 'true' }), ...settings }
  expect(canvasStep(step, undefined, 1)).toMatchObject({ outputs: [], conditional: true, problems: 1 })
  expect(canvasStep(step, undefined, 1).inputs).toHaveLength(1)
})

it('draws data, order and conditions, each once, and nothing to steps that are gone', () => {
  const steps = [
    stepOf('extract', 'data/extract'),
    stepOf('halve', 'data/halve', { inputs: { data: from('extract') } }),
    stepOf('join', 'data/join', {
      inputs: { tables: [...from('halve', 'first'), ...from('halve', 'second'), ...from('gone')] },
      needs: ['extract'],
      when: 'steps.halve.status == "succeeded"',
    }),
  ]
  expect(
    canvasEdges(steps, catalogue).map(({ kind, from, output, to, input }) => [kind, from, output, to, input]),
  ).toEqual([
    ['data', 'extract', 'data', 'halve', 'data'],
    ['data', 'halve', 'first', 'join', 'tables'],
    ['data', 'halve', 'second', 'join', 'tables'],
    ['order', 'extract', undefined, 'join', undefined],
    ['condition', 'halve', undefined, 'join', undefined],
  ])
})
