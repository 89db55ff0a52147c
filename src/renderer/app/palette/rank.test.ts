import { describe, expect, it } from 'vitest'
import { rankCommands } from './rank.ts'

const commands = [
  { title: 'Runs', hint: 'page' },
  { title: 'Run train', hint: 'flight-delay pipeline' },
  { title: 'flight-delay', hint: 'model' },
  { title: 'Visão geral', hint: 'página' },
  { title: 'Turn on the dark theme', hint: 'action' },
]
const titles = (query: string) => rankCommands(query, commands).map(({ title }) => title)

describe('rankCommands', () => {
  it('keeps all in order without a query', () => {
    expect(titles('  ')).toEqual(commands.map(({ title }) => title))
  })
  it('prefers the start of the title, then of its words, then the hint', () => {
    expect(titles('run')).toEqual(['Runs', 'Run train'])
    expect(titles('train')).toEqual(['Run train'])
    expect(titles('delay')).toEqual(['flight-delay', 'Run train'])
  })
  it('needs every word', () => {
    expect(titles('run delay')).toEqual(['Run train'])
    expect(titles('run nothing')).toEqual([])
  })
  it('does not ask for accents', () => {
    expect(titles('visao')).toEqual(['Visão geral'])
  })
  it('finds letters in order as a last resort', () => {
    expect(titles('tdt')).toEqual(['Turn on the dark theme'])
  })
})
