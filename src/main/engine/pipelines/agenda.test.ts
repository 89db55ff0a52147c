import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Agenda, type AgendaStep } from './agenda.ts'

const diamond: AgendaStep[] = [
  { name: 'first', dependsOn: [] },
  { name: 'left', dependsOn: ['first'] },
  { name: 'right', dependsOn: ['first'] },
  { name: 'last', dependsOn: ['left', 'right'] },
]

test('steps are due when all they depend on has ended', () => {
  const agenda = new Agenda(diamond, () => false)
  expect([agenda.take(), agenda.take()]).toEqual(['first', undefined])
  agenda.ended('first')
  expect([agenda.take(), agenda.take(), agenda.take()]).toEqual(['left', 'right', undefined])
  agenda.ended('right')
  agenda.ended('right')
  expect(agenda.take()).toBeUndefined()
  expect(agenda.left).toBe(2)
  agenda.ended('left')
  expect(agenda.take()).toBe('last')
  agenda.ended('last')
  expect([agenda.take(), agenda.left]).toEqual([undefined, 0])
})

test('what ended before a resume is taken as ended, and what was cancelled is never due', () => {
  const agenda = new Agenda(diamond, (name) => name === 'first' || name === 'left')
  agenda.ended('right')
  agenda.ended('last')
  expect([agenda.take(), agenda.left]).toEqual([undefined, 0])
})

test('however steps end, each is due exactly once, after its dependencies, and none is forgotten', () => {
  const steps = fc.array(fc.uniqueArray(fc.nat(), { maxLength: 4 }), { maxLength: 15 }).map((rows) =>
    rows.map((picks, index) => ({
      name: `s${index}`,
      dependsOn: index === 0 ? [] : [...new Set(picks.map((pick) => `s${pick % index}`))],
    })),
  )
  fc.assert(
    fc.property(steps, fc.infiniteStream(fc.nat()), fc.nat(15), (list, choices, done) => {
      const before = new Set(list.slice(0, done).map((step) => step.name))
      const agenda = new Agenda(list, (name) => before.has(name))
      const ended = new Set(before)
      const under: string[] = []
      const seen: string[] = []
      for (;;) {
        for (let name = agenda.take(); name !== undefined; name = agenda.take()) {
          const dependsOn = list.find((step) => step.name === name)?.dependsOn ?? []
          expect(dependsOn.every((dependency) => ended.has(dependency))).toBe(true)
          under.push(name)
          seen.push(name)
        }
        if (under.length === 0) break
        const [next = ''] = under.splice((choices.next().value ?? 0) % under.length, 1)
        ended.add(next)
        agenda.ended(next)
      }
      expect(agenda.left).toBe(0)
      expect(seen.toSorted()).toEqual(
        list
          .map((step) => step.name)
          .filter((name) => !before.has(name))
          .toSorted(),
      )
    }),
  )
})
