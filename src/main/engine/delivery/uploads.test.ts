import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EsteiraError } from '../kernel/errors.ts'
import { plainFileName, Uploads } from './uploads.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'esteira-uploads-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const content = (text: string) => Readable.from([Buffer.from(text)])

describe('uploads', () => {
  it('are stored whole, each in its own folder', async () => {
    const uploads = new Uploads(join(folder, 'uploads'))
    const [one, two] = [
      await uploads.receive('a.csv', content('first')),
      await uploads.receive('a.csv', content('second')),
    ]
    expect(await readFile(one.path, 'utf8')).toBe('first')
    expect(await readFile(two.path, 'utf8')).toBe('second')
    expect([one.bytes, two.bytes]).toEqual([5, 6])
  })

  it('beyond the limit are refused and forgotten', async () => {
    const uploads = new Uploads(join(folder, 'uploads'), 10)
    expect((await uploads.receive('a.csv', content('0123456789'))).bytes).toBe(10)
    const refused = uploads.receive('b.csv', content('01234567890'))
    await expect(refused).rejects.toMatchObject({ code: 'body-too-large' })
    expect(await readdir(join(folder, 'uploads'))).toHaveLength(1)
  })

  it('are told from other files, links included', async () => {
    const uploads = new Uploads(join(folder, 'uploads'))
    const { path } = await uploads.receive('a.csv', content('x'))
    const outside = join(folder, 'b.csv')
    await writeFile(outside, 'x')
    await symlink(outside, join(path, '..', 'link.csv'))
    expect(await uploads.holds(path)).toBe(true)
    expect(await uploads.holds(outside)).toBe(false)
    expect(await uploads.holds(join(path, '..', 'link.csv'))).toBe(false)
    expect(await uploads.holds(join(folder, 'uploads', '..', 'b.csv'))).toBe(false)
    expect(await uploads.holds(join(path, '..'))).toBe(false)
  })

  it('that are unfinished or forgotten are cleaned up', async () => {
    const uploads = new Uploads(join(folder, 'uploads'))
    await uploads.cleanUp(Date.now())
    const { path } = await uploads.receive('a.csv', content('x'))
    await mkdir(join(folder, 'uploads', 'half'))
    await writeFile(join(folder, 'uploads', 'half', 'b.csv.part'), 'x')
    await uploads.cleanUp(Date.now())
    expect(await readdir(join(folder, 'uploads'))).toHaveLength(1)
    expect(await readFile(path, 'utf8')).toBe('x')
    await uploads.cleanUp(Date.now() + 8 * 24 * 3_600_000)
    expect(await readdir(join(folder, 'uploads'))).toEqual([])
  })
})

describe('a file name', () => {
  it.each([
    ['flights.csv', 'flights.csv'],
    ['C:\\Users\\Ana\\vôos 2001.csv', 'vôos 2001.csv'],
    ['../../../etc/passwd', 'passwd'],
    ['.hidden', 'hidden'],
    ['a\u0000b|c?.csv', 'a_b_c_.csv'],
    [`${'é'.repeat(300)}.parquet`, `${'é'.repeat(96)}.parquet`],
  ])('%j becomes %j', (given, plain) => {
    expect(plainFileName(given)).toBe(plain)
  })

  it('never leads elsewhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        try {
          const plain = plainFileName(name)
          expect(plain).not.toMatch(/[/\\\p{Cc}]|^\.|^$/u)
          expect(Buffer.byteLength(plain)).toBeLessThanOrEqual(220)
        } catch (error) {
          if (!(error instanceof EsteiraError)) throw error
        }
      }),
    )
  })
})
