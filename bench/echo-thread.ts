/** The reference of the benchmark `predict`: a bare fastify route that echoes JSON, in a thread of its own as well. */
import { parentPort } from 'node:worker_threads'
import fastify from 'fastify'

const app = fastify()
app.post('/echo', (request, reply) => {
  reply.send(request.body)
})
await app.listen({ host: '127.0.0.1', port: 0 })
parentPort?.postMessage(app.addresses()[0])
