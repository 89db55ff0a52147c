import { describe, expect, it } from 'vitest'
import { createCellText, csvLine, plainText, shortInstant, tsvLine } from './cell-text.ts'

describe('createCellText', () => {
  const english = createCellText('en')
  const portuguese = createCellText('pt-BR')

  it('tells missing values, empty texts and values apart', () => {
    expect(english(null, 'text')).toEqual({ text: '', look: 'missing' })
    expect(english('', 'text')).toEqual({ text: '', look: 'empty' })
    expect(english(0, 'integer')).toEqual({ text: '0', look: 'value' })
    expect(english(false, 'boolean')).toEqual({ text: 'false', look: 'value' })
  })

  it('writes decimals as the language does, without grouping digits or losing some', () => {
    expect(english(2001, 'integer').text).toBe('2001')
    expect(english(1234567.25, 'number').text).toBe('1234567.25')
    expect(portuguese(1234567.25, 'number').text).toBe('1234567,25')
    expect(english(0.1, 'number').text).toBe('0.1')
    expect(english('9007199254740993', 'integer').text).toBe('9007199254740993')
  })

  it('writes lists and structures as JSON', () => {
    expect(english([1, null], 'other').text).toBe('[1,null]')
  })
})

describe('shortInstant', () => {
  it.each([
    ['2001-01-01T00:00:00.000Z', '2001-01-01'],
    ['2001-01-01T06:30:00.000Z', '2001-01-01 06:30'],
    ['2001-01-01T06:30:15Z', '2001-01-01 06:30:15'],
    ['2001-01-01T06:30:00.250Z', '2001-01-01 06:30:00.250'],
    ['2001-01-01T00:00:00+02:00', '2001-01-01 00:00+02:00'],
    ['2001-01-01', '2001-01-01'],
    ['soon', 'soon'],
  ])('%s is %s', (iso, text) => expect(shortInstant(iso)).toBe(text))
})

describe('lines to take along', () => {
  it('quotes in CSV what needs it', () => {
    expect(csvLine(['a', null, '', 'x,y', 'say "so"', 'two\nlines', 1.5])).toBe(
      'a,,"","x,y","say ""so""","two\nlines",1.5',
    )
  })
  it('keeps cells of the clipboard on one line', () => {
    expect(tsvLine(['a\tb', 'c\r\nd', null, 2])).toBe('a b\tc d\t\t2')
  })
  it('takes values as they are', () => {
    expect(plainText({ a: 1 })).toBe('{"a":1}')
    expect(plainText(undefined)).toBe('')
  })
})
