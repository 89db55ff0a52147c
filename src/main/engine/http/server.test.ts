import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { routes } from '#shared/api.ts'
import { ApiError, createClient } from '#shared/client.ts'
import { problemSchema } from '#shared/errors.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { type Logger, silentLogger } from '../kernel/logger.ts'
import {
  type Answer,
  project,
  send,
  startTestServer,
  type TestServer,
  withJson,
  withToken,
} from './testing/control-server.ts'

function problemOf(answer: Answer) {
  expect(answer.headers['content-type']).toBe('application/problem+json')
  const problem = problemSchema.parse(answer.json())
  expect(problem.status).toBe(answer.status)
  expect(problem.type).toBe(`urn:esteira:problem:${problem.code}`)
  return problem
}

describe('routes', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ metrics: () => 'esteira_runs_active 0\n' })
  })
  afterAll(() => server.close())

  test('the typed client calls a route and gets its parsed response', async () => {
    const client = createClient(async (path, init) => {
      const answer = await send(server, path, { ...init, headers: { ...init.headers, ...withToken } })
      return { status: answer.status, json: async () => answer.json() }
    })
    expect(await client.call('listProjects')).toEqual([project])
    expect(await client.call('addProject', { body: { path: '/data/é' } })).toMatchObject({
      path: '/data/é',
      trusted: false,
    })
    await expect(client.call('getProject', { params: { id: 'a/b é' } })).rejects.toThrow(ApiError)
    await expect(client.call('getProject', { params: { id: 'a/b é' } })).rejects.toMatchObject({
      problem: { code: 'project-not-found', found: 'a/b é', nearest: 'p1' },
    })
  })

  test('health needs no token', async () => {
    expect((await send(server, '/api/v1/health')).json()).toEqual({ status: 'ok', version: '0.0.0' })
  })

  test('every problem of a request comes at once, each with its path and the nearest known name', async () => {
    const answer = await send(server, '/api/v1/runs?limit=0&statsu=failed&status=faild', { headers: withToken })
    const problem = problemOf(answer)
    expect(problem).toMatchObject({ code: 'invalid-request', status: 400 })
    expect(problem.problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'query', path: 'limit' }),
        expect.objectContaining({ file: 'query', path: 'status', found: 'faild', nearest: 'failed' }),
        expect.objectContaining({ file: 'query', path: 'statsu', nearest: 'status' }),
      ]),
    )
  })

  test('a body is checked too', async () => {
    const answer = await send(server, '/api/v1/runs', { method: 'POST', headers: withJson, body: '{"pipeline":3}' })
    expect(problemOf(answer).problems?.map(({ file, path }) => `${file}.${path}`)).toEqual([
      'body.projectId',
      'body.pipeline',
    ])
  })

  test.each([
    [
      'malformed JSON',
      '/api/v1/projects',
      { method: 'POST', headers: withJson, body: '{"path":' },
      400,
      'malformed-json',
    ],
    ['no body', '/api/v1/projects', { method: 'POST', headers: withToken }, 400, 'invalid-request'],
    ['an empty JSON body', '/api/v1/projects', { method: 'POST', headers: withJson }, 400, 'malformed-json'],
    [
      'another content type',
      '/api/v1/projects',
      { method: 'POST', headers: { ...withToken, 'content-type': 'text/plain' }, body: '{"path":"/x"}' },
      415,
      'unsupported-media-type',
    ],
    [
      'a body of 5 MB',
      '/api/v1/projects',
      { method: 'POST', headers: withJson, body: JSON.stringify({ path: 'x'.repeat(5_000_000) }) },
      413,
      'body-too-large',
    ],
    ['an unknown address', '/api/v1/nothing', { headers: withToken }, 404, 'not-found'],
    ['a broken escape', '/api/v1/projects/%zz', { headers: withToken }, 400, 'invalid-request'],
    ['an endless name', `/api/v1/projects/${'x'.repeat(5_000)}`, { headers: withToken }, 400, 'invalid-request'],
  ])('%s gets a problem with a stable code', async (_, path, sent, status, code) => {
    expect(problemOf(await send(server, path, sent))).toMatchObject({ status, code })
  })

  test('a method that the address does not take gets 405 and the ones it takes', async () => {
    const answer = await send(server, '/api/v1/projects/p1', { method: 'PUT', headers: withToken })
    expect(problemOf(answer)).toMatchObject({ code: 'method-not-allowed', allowed: 'GET, DELETE' })
    expect(answer.headers.allow).toBe('GET, DELETE')
  })

  test('metrics are Prometheus text', async () => {
    const answer = await send(server, '/metrics')
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.text).toBe('esteira_runs_active 0\n')
  })

  test('OpenAPI 3.1 describes every route of the catalogue', async () => {
    const answer = await send(server, '/api/v1/openapi.json', { headers: withToken })
    const document = z
      .object({
        openapi: z.string(),
        paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))),
        components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
      })
      .parse(answer.json())
    expect(document.openapi).toBe('3.1.0')
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path).map((it) => it.operationId))
    expect(operations.sort()).toEqual([...Object.keys(routes), 'streamEvents'].sort())
    const references = [...answer.text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1])
    expect(references).toContain('Run')
    expect(references.filter((name) => !Object.hasOwn(document.components.schemas, name ?? ''))).toEqual([])
    expect(answer.text).not.toContain('__SCHEMA__')
  })
})

describe('failures of our own', () => {
  const logged: unknown[] = []
  const logger: Logger = { ...silentLogger, error: (...line) => logged.push(line) }
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({
      logger,
      services: {
        endpoints: {
          list: () => {
            throw new Error('boom')
          },
          get: () => {
            throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
          },
          listRevisions: () => ({ items: [] }),
        },
        // A response that is not what the route promises.
        engine: {
          info: () => JSON.parse('{"version":1}'),
          outside: () => ({ listener: null, endpoints: [] }),
          stop: () => {},
        },
      },
    })
  })
  beforeEach(() => logged.splice(0))
  afterAll(() => server.close())

  test('an unexpected error is answered without its stack, and logged with it', async () => {
    const answer = await send(server, '/api/v1/endpoints', { headers: withToken })
    expect(problemOf(answer)).toMatchObject({ code: 'internal', detail: 'boom' })
    expect(answer.text).not.toContain('.ts')
    expect(logged).toHaveLength(1)
  })

  test('a full disk is told as such', async () => {
    expect(problemOf(await send(server, '/api/v1/endpoints/x', { headers: withToken }))).toMatchObject({
      code: 'disk-full',
      status: 507,
    })
  })

  test('a response that breaks the contract never leaves', async () => {
    expect(problemOf(await send(server, '/api/v1/engine', { headers: withToken }))).toMatchObject({ code: 'internal' })
    expect(logged).toHaveLength(1)
  })
})

test('a port in use is named', async () => {
  const first = await startTestServer()
  const { startControlServer } = await import('./server.ts')
  const { createHandlers } = await import('./handlers.ts')
  const { memoryServices } = await import('./testing/control-server.ts')
  const second = startControlServer({
    handlers: createHandlers(memoryServices(), '0'),
    events: first.events,
    token: () => 'x',
    port: first.port,
    logger: silentLogger,
  })
  await expect(second).rejects.toThrow(EsteiraError)
  await expect(second).rejects.toMatchObject({ code: 'port-in-use', context: { where: `127.0.0.1:${first.port}` } })
  await first.close()
})

describe('pages', () => {
  let folder: string
  let server: TestServer
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'esteira-ui-'))
    mkdirSync(join(folder, 'ui', 'assets'), { recursive: true })
    writeFileSync(join(folder, 'ui', 'index.html'), '<h1>Esteira</h1>')
    writeFileSync(join(folder, 'ui', 'assets', 'index-3f.js'), 'start()')
    server = await startTestServer({ uiPath: join(folder, 'ui') })
  })
  afterEach(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })
  const asBrowser = { accept: 'text/html,*/*' }

  test('files come with their type; named by content, they may be kept', async () => {
    const page = await send(server, '/')
    expect([page.status, page.text]).toEqual([200, '<h1>Esteira</h1>'])
    expect(page.headers['cache-control']).toBe('no-cache')
    const script = await send(server, '/assets/index-3f.js')
    expect(script.headers['content-type']).toMatch(/^(text|application)\/javascript/)
    expect(script.headers['cache-control']).toContain('immutable')
  })

  test('any path of the application is the start page, but a missing script is missing', async () => {
    expect((await send(server, '/runs/abc', { headers: asBrowser })).text).toBe('<h1>Esteira</h1>')
    expect(problemOf(await send(server, '/assets/gone.js', { headers: { accept: '*/*' } })).code).toBe('not-found')
    expect(problemOf(await send(server, '/api/v1/gone', { headers: { ...asBrowser, ...withToken } })).code).toBe(
      'not-found',
    )
  })

  test('pages that are built later appear; until then a page says so', async () => {
    rmSync(join(folder, 'ui'), { recursive: true })
    const before = await send(server, '/', { headers: asBrowser })
    expect(before.status).toBe(200)
    expect(before.text).toContain('npm start')
    mkdirSync(join(folder, 'ui'))
    writeFileSync(join(folder, 'ui', 'index.html'), 'built')
    expect((await send(server, '/', { headers: asBrowser })).text).toBe('built')
  })
})
