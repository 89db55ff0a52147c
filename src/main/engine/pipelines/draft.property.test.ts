import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PipelineEdit } from '#shared/pipelines.ts'
import { draftPipeline } from './draft.ts'
import { namesIn, parseExpression } from './expression.ts'
import { testCatalogue } from './testing/components.ts'

const names = ['a', 'ab', 'a-1', 'b', 'passo', 'x_y']
const reference = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('', '.text', '.data'))
  .map((parts) => parts.join(''))
const step = fc.record({
  in: fc.dictionary(
    fc.constantFrom('from', 'more'),
    fc.oneof(reference, fc.array(reference, { minLength: 1, maxLength: 3 })),
    {
      maxKeys: 2,
      noNullPrototype: true,
    },
  ),
  needs: fc.array(fc.constantFrom(...names), { maxLength: 3 }),
  when: fc.option(fc.constantFrom(...names).map((name) => `steps.${name}.status == 'steps.${name}' && params.a`)),
  flow: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** A file with comments, each step in one line or in several. */
function textOf(steps: readonly (readonly [string, Step])[]): string {
  const inline = (value: unknown): string => JSON.stringify(value).replaceAll('":', '": ').replaceAll(',', ', ')
  const lines = steps.flatMap(([name, { in: inputs, needs, when, flow }], index) => {
    const parts = [
      ['uses', 'test/noop'],
      ['in', inputs],
      ['needs', needs],
      ...(when === null ? [] : [['when', when]]),
    ] as const
    const head = [`  # about ${index}`]
    if (flow) return [...head, `  ${name}: { ${parts.map(([key, value]) => `${key}: ${inline(value)}`).join(', ')} }`]
    return [
      ...head,
      `  ${name}: # step ${index}`,
      ...parts.map(([key, value]) => `    ${key}: ${inline(value)} # ${key} ${index}`),
    ]
  })
  return ['# head', 'name: p', 'steps:', ...lines, ''].join('\n')
}

const pipelines = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...names), step), { selector: ([name]) => name, minLength: 2, maxLength: 5 })
  .chain((steps) =>
    fc.record({
      steps: fc.constant(steps),
      text: fc.constant(textOf(steps)),
      name: fc.constantFrom(...steps.map(([name]) => name)),
    }),
  )

function draft(text: string, edit: PipelineEdit) {
  return draftPipeline(text, [edit], { file: 'pipelines/p.yaml', catalogue: testCatalogue })
}

/** Every step that another one names. */
function referred(text: string): { data: string[]; needs: string[]; when: string[] } {
  const { steps } = draftPipeline(text, [], { file: 'pipelines/p.yaml', catalogue: testCatalogue })
  return {
    data: steps.flatMap(({ inputs }) => Object.values(inputs).flatMap((edges) => edges.map((edge) => edge.step))),
    needs: steps.flatMap(({ needs }) => needs),
    when: steps.flatMap(({ when }) =>
      when === null
        ? []
        : namesIn(parseExpression(when)).flatMap(([root, name = '']) => (root === 'steps' ? [name] : [])),
    ),
  }
}

it('after a rename no reference to the old name is left, all point to the new one, and comments stay', () => {
  fc.assert(
    fc.property(pipelines, ({ text, name }) => {
      const before = referred(text)
      const after = draft(text, { kind: 'rename-step', name, newName: 'neu' }).text
      const moved = (list: string[]) => list.map((one) => (one === name ? 'neu' : one))
      expect(referred(after)).toEqual({
        data: moved(before.data),
        needs: moved(before.needs),
        when: moved(before.when),
      })
      expect(after.match(/#.*/g)).toEqual(text.match(/#.*/g))
      expect(draft(after, { kind: 'rename-step', name: 'neu', newName: name }).steps).toEqual(
        draftPipeline(text, [], { file: 'pipelines/p.yaml', catalogue: testCatalogue }).steps,
      )
    }),
    { numRuns: 200 },
  )
})

it('after a removal no edge from the step is left, and the other steps keep their own', () => {
  fc.assert(
    fc.property(pipelines, ({ text, name, steps }) => {
      const after = draft(text, { kind: 'remove-step', name })
      expect(after.steps.map((one) => one.name)).toEqual(steps.map(([one]) => one).filter((one) => one !== name))
      const { data, needs } = referred(after.text)
      expect([...data, ...needs]).not.toContain(name)
      const others = steps.filter(([one]) => one !== name)
      const kept = others.flatMap(([, one]) =>
        Object.values(one.in).flatMap((from) => [from].flat().filter((each) => each.split('.')[0] !== name)),
      )
      expect(data).toEqual(kept.map((each) => each.split('.')[0]))
      expect(needs).toEqual(others.flatMap(([, one]) => one.needs.filter((each) => each !== name)))
    }),
    { numRuns: 200 },
  )
})
