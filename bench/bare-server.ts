/** The least that a server of this kind can be: one fastify route. Writes its address to the file named as argument. */
import { renameSync, writeFileSync } from 'node:fs'
import fastify from 'fastify'

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('the file to write the address to is missing')
const app = fastify()
app.get('/api/v1/health', () => ({ status: 'ok' }))
const controlUrl = await app.listen({ host: '127.0.0.1', port: 0 })
writeFileSync(`${file}.new`, JSON.stringify({ controlUrl }))
renameSync(`${file}.new`, file)
