import { resolve } from 'node:path'
import { type Json, jsonSchema, type Parameters } from '#shared/runs.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import type { CommandLine, DefineCommand } from '../command-line.ts'
import type { Connection } from '../connect.ts'
import { startAndFollow } from '../follow-run.ts'

interface Options {
  readonly project: string
  readonly param?: readonly string[]
  readonly cache: boolean
  readonly trust?: true
}

export const define: DefineCommand = (command, line) => {
  command
    .argument('<pipeline>', 'name of a file in pipelines/, without its ending')
    .option('--project <dir>', 'the project folder', '.')
    .option('--param <name=value...>', 'a parameter of the pipeline; may be given again')
    .option('--no-cache', 'run every step again')
    .option('--trust', 'allow scripts and components of the project to run')
    .action((pipeline: string, options: Options) => run(line, pipeline, options))
}

function run(line: CommandLine, pipeline: string, options: Options): Promise<void> {
  const given = (options.param ?? []).map(splitParameter)
  return startAndFollow(line, async (connection) => {
    const body = { path: resolve(options.project), trust: options.trust ?? false }
    const { id: projectId } = await connection.client.call('addProject', { body })
    const parameters = given.length > 0 ? await readParameters(connection, projectId, pipeline, given) : {}
    const request = { projectId, pipeline, parameters, startedBy: 'cli', useCache: options.cache }
    return connection.client.call('startRun', { body: request })
  })
}

function splitParameter(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new EsteiraError('invalid-usage', 'A parameter is given as name=value.', { where: '--param', found: text })
}

/** A parameter that is text in the pipeline stays text; any other is read as JSON where it is JSON. */
async function readParameters(
  { client }: Connection,
  projectId: string,
  pipeline: string,
  given: readonly (readonly [string, string])[],
): Promise<Parameters> {
  const pipelines = await client.call('listPipelines', { params: { id: projectId } })
  const declared = pipelines.find(({ name }) => name === pipeline)
  // A pipeline that is not there or has problems is reported by starting it.
  if (declared === undefined || declared.problems.length > 0) return {}
  const known = Object.keys(declared.parameters)
  return Object.fromEntries(
    given.map(([name, text]) => {
      if (Object.hasOwn(declared.parameters, name)) return [name, readValue(text, declared.parameters[name])]
      throw new EsteiraError('parameter-invalid', `The pipeline "${pipeline}" has no parameter "${name}".`, {
        where: '--param',
        found: name,
        allowed: known.join(', ') || 'no parameters',
        nearest: nearestName(name, known),
      })
    }),
  )
}

function readValue(text: string, standard: Json | undefined): Json {
  if (typeof standard === 'string') return text
  try {
    return jsonSchema.parse(JSON.parse(text))
  } catch {
    return text
  }
}
