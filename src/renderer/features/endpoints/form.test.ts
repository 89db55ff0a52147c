import { describe, expect, it } from 'vitest'
import type { Signature } from '#shared/models.ts'
import { formOfRow, initialForm, parseForm } from './form.ts'

const signature: Signature = {
  task: 'binary',
  target: 'late',
  classes: ['no', 'yes'],
  inputs: [
    { name: 'date', type: 'timestamp', required: true, typical: '2001-02-03T04:05:06Z' },
    { name: 'distance', type: 'integer', required: true, typical: 862 },
    { name: 'speed', type: 'number', required: false },
    { name: 'origin', type: 'text', required: true, examples: ['ATL', 'ORD'] },
    { name: 'weekend', type: 'boolean', required: false, typical: true },
  ],
}
const texts = { date: '2001-01-01', distance: '12', speed: ' 1e2 ', origin: ' O ', weekend: 'false' }

describe('a form made from a signature', () => {
  it('begins with usual values, which make a row that the model takes', () => {
    const initial = initialForm(signature)
    expect(initial).toEqual({
      date: '2001-02-03T04:05:06Z',
      distance: '862',
      speed: '1',
      origin: 'ATL',
      weekend: 'true',
    })
    expect(parseForm(signature, initial).row).toEqual({
      date: '2001-02-03T04:05:06Z',
      distance: 862,
      speed: 1,
      origin: 'ATL',
      weekend: true,
    })
  })

  it('reads each field by its type', () => {
    expect(parseForm(signature, texts).row).toEqual({
      date: '2001-01-01',
      distance: 12,
      speed: 100,
      origin: ' O ',
      weekend: false,
    })
  })

  it('leaves out what may be missing', () => {
    expect(parseForm(signature, { ...texts, speed: '', weekend: ' ' }).row).toEqual({
      date: '2001-01-01',
      distance: 12,
      origin: ' O ',
    })
  })

  it('says what is wrong, field by field', () => {
    expect(parseForm(signature, { date: 'soon', distance: '1.5', speed: 'fast', origin: '' }).problems).toEqual({
      date: 'timestamp',
      distance: 'integer',
      speed: 'number',
      origin: 'required',
    })
  })

  it('takes the values of a row', () => {
    const row = {
      date: '2001-03-01T10:00:00.000Z',
      distance: 5,
      speed: null,
      origin: 'LAX',
      weekend: false,
      late: true,
    }
    expect(formOfRow(signature, row)).toEqual({
      date: '2001-03-01T10:00:00Z',
      distance: '5',
      speed: '',
      origin: 'LAX',
      weekend: 'false',
    })
  })
})
