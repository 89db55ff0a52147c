/** For tests: a process that serves an endpoint and logs its requests, to be killed. Arguments: the folder of the log, of the model. */
import { InferenceServer } from '../inference-server.ts'
import { trainFlightModel } from '../testing-flights.ts'

const [requestsPath = '', modelPath = ''] = process.argv.slice(2)
const server = new InferenceServer({ requestsPath })
const files = await trainFlightModel(modelPath, { rows: 2_000, epochs: 1 })
const { url } = await server.start({ port: 0 })
await server.setRevision('flights', { model: 'late', version: 1, files }, () => 1)
process.stdout.write(`${url}\n`)
