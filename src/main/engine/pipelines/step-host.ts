/** Runs steps inside a step thread: builds their context, stores their outputs, answers with the outcome. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import type { Artifact, Json } from '#shared/runs.ts'
import { artifactHash, hashFile, storedFilePath, storeFile, verifyFile } from '../artifacts/artifact-files.ts'
import { EsteiraError, fromProblem, toProblem } from '../kernel/errors.ts'
import {
  type Component,
  type InputArtifact,
  type OutputArtifact,
  SkipStep,
  type StepContext,
  type StepServices,
  StopStep,
} from './component.ts'
import type { FromThread, ServiceName, SourceHash, StepJob, StepOutcome, ToThread } from './step-messages.ts'

/** Serves jobs that arrive at the port, one at a time, until the thread ends. */
export function hostSteps(port: MessagePort, catalogue: ReadonlyMap<string, Component>): void {
  const calls = new ServiceCalls(port)
  let current: AbortController | undefined

  function send(message: FromThread): void {
    port.postMessage(message)
  }

  async function work(job: StepJob, perform: (component: Component, signal: AbortSignal) => Promise<FromThread>) {
    current = new AbortController()
    try {
      const component = catalogue.get(job.component)
      if (component === undefined) {
        throw new EsteiraError('component-not-found', `There is no component "${job.component}".`)
      }
      send(await perform(component, current.signal))
    } catch (error) {
      send({ kind: 'outcome', outcome: { kind: 'failed', problem: toProblem(error) } })
    } finally {
      current = undefined
      removeWork(job.workPath)
    }
  }

  port.on('message', (message: ToThread) => {
    switch (message.kind) {
      case 'run':
        void work(message.job, async (component, signal) => ({
          kind: 'outcome',
          outcome: await runStep(component, message.job, { signal, send, services: calls.services }),
        }))
        return
      case 'hash-sources':
        void work(message.job, async (component) => ({
          kind: 'sources',
          sources: await hashSources(component, message.job),
        }))
        return
      case 'cancel':
        current?.abort(fromProblem(message.problem))
        return
      case 'service-result':
        calls.settle(message.call, { result: message.result })
        return
      case 'service-error':
        calls.settle(message.call, { error: fromProblem(message.problem) })
        return
      default:
        message satisfies never
    }
  })
}

/** The engine's services, called across the thread boundary. */
class ServiceCalls {
  readonly services: StepServices
  readonly #port: MessagePort
  readonly #pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  #nextCall = 1

  constructor(port: MessagePort) {
    this.#port = port
    this.services = {
      resolveModel: (request) => this.#call('resolveModel', request),
      registerVersion: (request) => this.#call('registerVersion', request),
      moveAlias: (request) => this.#call('moveAlias', request),
      keepFeatureView: (request) => this.#call('keepFeatureView', request),
      requestApproval: (request) => this.#call('requestApproval', request),
      planDeployment: (request) => this.#call('planDeployment', request),
      answering: (request) => this.#call('answering', request),
      deploy: (request) => this.#call('deploy', request),
      measuredBefore: () => this.#call('measuredBefore', undefined),
      uploadedFile: (request) => this.#call('uploadedFile', request),
      featureStore: () => this.#call('featureStore', undefined),
    }
  }

  settle(call: number, answer: { result: unknown } | { error: Error }): void {
    const pending = this.#pending.get(call)
    this.#pending.delete(call)
    if ('error' in answer) pending?.reject(answer.error)
    else pending?.resolve(answer.result)
  }

  #call<Name extends ServiceName>(service: Name, request: unknown): ReturnType<StepServices[Name]> {
    const call = this.#nextCall++
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.set(call, { resolve, reject }))
    this.#port.postMessage({ kind: 'service-call', call, service, request } satisfies FromThread)
    // Both ends of this port are this program's own code, typed by StepServices.
    return answer as ReturnType<StepServices[Name]>
  }
}

interface Surroundings {
  readonly signal: AbortSignal
  readonly services: StepServices
  send(message: FromThread): void
}

async function runStep(component: Component, job: StepJob, around: Surroundings): Promise<StepOutcome> {
  const values: Record<string, Json> = {}
  const writers = new Map(
    Object.keys(component.outputs).map((name) => [name, new OutputWriter(join(job.workPath, name))]),
  )
  try {
    const inputs = await openInputs(job)
    for (const writer of writers.values()) mkdirSync(writer.folder, { recursive: true })
    await component.run(stepContext(component, job, { inputs, writers, values }, around))
    around.signal.throwIfAborted()
    const outputs = await storeOutputs(component, job, writers)
    const unwritten = Object.keys(component.outputs).find((name) => outputs[name] === undefined)
    if (unwritten !== undefined) throw new Error(`${component.name} wrote nothing to its output "${unwritten}"`)
    return { kind: 'succeeded', outputs, values }
  } catch (error) {
    if (error instanceof SkipStep) return { kind: 'skipped', reason: error.message, values }
    const reason: unknown = around.signal.aborted ? around.signal.reason : error
    const problem = toProblem(reason)
    if (!(reason instanceof StopStep)) return { kind: 'failed', problem }
    return { kind: 'failed', problem, kept: { outputs: await storeOutputs(component, job, writers), values } }
  }
}

/** What was written, by output. */
async function storeOutputs(
  component: Component,
  job: StepJob,
  writers: ReadonlyMap<string, OutputWriter>,
): Promise<Record<string, Artifact>> {
  const outputs: Record<string, Artifact> = {}
  for (const [name, writer] of writers) {
    const artifact = await writer.store(job.artifactRoot, component.outputs[name]?.type ?? 'file')
    if (artifact !== undefined) outputs[name] = artifact
  }
  return outputs
}

/** After the answer, while the engine stores it. What cannot be removed now is removed at the engine's next start. */
function removeWork(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {}
}

interface StepParts {
  readonly inputs: ReadonlyMap<string, readonly InputArtifact[]>
  readonly writers: ReadonlyMap<string, OutputWriter>
  readonly values: Record<string, Json>
}

function stepContext(
  component: Component,
  job: StepJob,
  { inputs, writers, values }: StepParts,
  { signal, services, send }: Surroundings,
): StepContext<unknown> {
  function optionalInput(name: string): InputArtifact | undefined {
    return inputs.get(name)?.[0]
  }
  return {
    options: component.options.parse(job.options),
    project: job.project,
    run: job.run,
    seed: job.seed,
    signal,
    get scratchPath() {
      const path = join(job.workPath, 'scratch')
      mkdirSync(path, { recursive: true })
      return path
    },
    optionalInput,
    input(name) {
      const input = optionalInput(name)
      if (input === undefined) throw new Error(`${component.name} reads its input "${name}", which is not connected`)
      return input
    },
    inputs: (name) => inputs.get(name) ?? [],
    output(name) {
      const writer = writers.get(name)
      if (writer === undefined) throw new Error(`${component.name} has no output "${name}"`)
      return writer
    },
    log: (text, level = 'info') => send({ kind: 'report', report: { kind: 'log', at: Date.now(), level, text } }),
    progress: (fraction, message) =>
      send({ kind: 'report', report: { kind: 'progress', fraction, message: message ?? null } }),
    metric: (name, index, value) =>
      send({ kind: 'report', report: { kind: 'metric', at: Date.now(), name, index, value } }),
    value: (name, value) => {
      values[name] = value
    },
    services,
  }
}

async function openInputs(job: StepJob): Promise<Map<string, InputArtifact[]>> {
  const opened = new Map<string, InputArtifact[]>()
  for (const [name, inputs] of Object.entries(job.inputs)) {
    const artifacts: InputArtifact[] = []
    for (const { type, hash, step, files } of inputs) {
      const paths = new Map<string, string>()
      for (const file of files) paths.set(file.name, await verifyFile(job.artifactRoot, file.sha256))
      artifacts.push({ type, hash, step, files: paths })
    }
    opened.set(name, artifacts)
  }
  return opened
}

/** Collects the files of one output, then stores them. */
class OutputWriter implements OutputArtifact {
  readonly folder: string
  readonly #links = new Map<string, string>()

  constructor(folder: string) {
    this.folder = folder
  }

  path(fileName: string): string {
    return join(this.folder, plainFileName(fileName))
  }

  link(fileName: string, from: InputArtifact, fromFileName: string = fileName): void {
    const path = from.files.get(fromFileName)
    if (path === undefined) throw new Error(`the artifact of step "${from.step}" has no file "${fromFileName}"`)
    this.#links.set(plainFileName(fileName), path)
  }

  /** Undefined when nothing was written. */
  async store(root: string, type: Artifact['type']): Promise<Artifact | undefined> {
    const files: Artifact['files'] = []
    for (const name of readdirSync(this.folder)) {
      files.push({ name, ...(await storeFile(root, join(this.folder, name))) })
    }
    for (const [name, path] of this.#links) files.push({ name, ...(await linkedFile(root, path)) })
    if (files.length === 0) return undefined
    files.sort((a, b) => (a.name < b.name ? -1 : 1))
    return { hash: artifactHash(type, files), type, files }
  }
}

/** A file that is in the store already is known by its name there. */
async function linkedFile(root: string, path: string) {
  const stored = await hashFile(path)
  if (storedFilePath(root, stored.sha256) !== path) throw new Error('only files of input artifacts can be linked')
  return stored
}

function plainFileName(name: string): string {
  if (!/^[\w][\w.-]*$/.test(name)) throw new Error(`"${name}" is not a plain file name`)
  return name
}

async function hashSources(component: Component, job: StepJob): Promise<SourceHash[]> {
  const paths = (await component.sources?.(component.options.parse(job.options), job.project)) ?? []
  const hashes: SourceHash[] = []
  for (const path of [...paths].sort()) {
    const { sha256 } = await hashFile(path)
    hashes.push({ path: relative(job.project.path, path).split(sep).join('/'), sha256 })
  }
  return hashes
}
