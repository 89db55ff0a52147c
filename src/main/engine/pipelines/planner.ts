/** From the text of a pipeline file to a plan, or to everything that is wrong with it, at once. Pure. */
import type { FileProblem } from '#shared/errors.ts'
import type { Json, Parameters } from '#shared/runs.ts'
import { sentence } from '#shared/sentences.ts'
import { nearestName } from '../kernel/errors.ts'
import { type Positions, parseYamlFile, shown, zodProblems } from '../kernel/yaml-file.ts'
import type { Component } from './component.ts'
import { ExpressionError, namesIn, parseExpression } from './expression.ts'
import { orderGraph } from './graph.ts'
import { pipelineVersionOf } from './pipeline-version.ts'
import type { Edge, Plan, PlannedStep } from './plan.ts'
import { type PipelineSpec, pipelineSpecSchema, type StepSpec } from './spec.ts'
import { fillTemplate } from './template.ts'
import { type TriggerSurroundings, triggerProblems } from './trigger-problems.ts'

export type Catalogue = ReadonlyMap<string, Component>

export type Planned =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: FileProblem[] }

export interface PlanRequest {
  readonly text: string
  /** As shown in problems, e.g. `pipelines/train.yaml`. */
  readonly file: string
  readonly catalogue: Catalogue
  /** In place of the declared defaults. */
  readonly parameters?: Parameters
  /** What triggers may name; left out, their names are not looked up. */
  readonly surroundings?: TriggerSurroundings | undefined
}

export function planPipeline({ text, file, catalogue, parameters = {}, surroundings }: PlanRequest): Planned {
  const parsed = parseYamlFile(text, file, pipelineSpecSchema)
  if (!parsed.ok) return { ok: false, problems: parsed.problems }
  const { value: spec, positions } = parsed
  const merged = { ...spec.parameters, ...parameters }
  const problems = [
    ...parameterProblems(spec, parameters, file),
    ...nameProblems(spec, file, positions),
    ...triggerProblems(spec, positions, surroundings),
  ]
  const planned = Object.entries(spec.steps).map(([name, step]) => {
    const planner = new StepPlanner(name, step, { spec, catalogue, parameters: merged, positions })
    const result = planner.plan()
    problems.push(...planner.problems)
    return result
  })
  const order = orderGraph(new Map(planned.map((step) => [step.name, step.dependsOn])))
  if (order.kind === 'cycle') {
    const [first = ''] = order.names
    problems.push(
      positions.keyProblem(['steps', first], {
        message: sentence('circle', { names: [...order.names, first].join(' → ') }),
      }),
    )
  }
  if (problems.length > 0 || order.kind === 'cycle') return { ok: false, problems }
  const position = new Map(order.names.map((name, index) => [name, index]))
  return {
    ok: true,
    plan: {
      pipeline: spec.name,
      version: pipelineVersionOf(text),
      parameters: merged,
      seed: spec.seed,
      concurrency: spec.concurrency ?? null,
      useCache: true,
      steps: planned.sort((a, b) => (position.get(a.name) ?? 0) - (position.get(b.name) ?? 0)),
    },
  }
}

function parameterProblems(spec: PipelineSpec, given: Parameters, file: string): FileProblem[] {
  const declared = Object.keys(spec.parameters)
  return Object.keys(given)
    .filter((name) => !declared.includes(name))
    .map((name) => {
      const nearest = nearestName(name, declared)
      return {
        file,
        path: 'parameters',
        message: sentence('unknown-parameter', { name }),
        found: name,
        expected: declared.length > 0 ? oneOf(declared) : sentence('no-parameters', {}),
        ...(nearest !== undefined && { nearest }),
      }
    })
}

function nameProblems(spec: PipelineSpec, file: string, positions: Positions): FileProblem[] {
  const expected = file
    .split('/')
    .at(-1)
    ?.replace(/\.ya?ml$/, '')
  if (expected === undefined || spec.name === expected) return []
  return [
    positions.problem(['name'], {
      message: sentence('name-of-file', {}),
      found: spec.name,
      expected,
    }),
  ]
}

interface PlanningScope {
  readonly spec: PipelineSpec
  readonly catalogue: Catalogue
  readonly parameters: Parameters
  readonly positions: Positions
}

class StepPlanner {
  readonly problems: FileProblem[] = []
  readonly #name: string
  readonly #step: StepSpec
  readonly #scope: PlanningScope

  constructor(name: string, step: StepSpec, scope: PlanningScope) {
    this.#name = name
    this.#step = step
    this.#scope = scope
  }

  plan(): PlannedStep {
    const component = this.#component()
    const inputs = component === undefined ? {} : this.#inputs(component)
    const dataEdges = Object.values(inputs).flatMap((edges) => edges.map((edge) => edge.step))
    const dependsOn = new Set([...dataEdges, ...this.#needs(), ...this.#stepsReadByWhen()])
    return {
      name: this.#name,
      component: this.#step.uses,
      options: component === undefined ? {} : this.#options(component),
      inputs,
      dependsOn: [...dependsOn],
      when: this.#step.when ?? null,
      retry: this.#step.retry ?? null,
      timeoutMs: this.#step.timeoutMinutes === undefined ? null : this.#step.timeoutMinutes * 60_000,
      cache: this.#step.cache,
    }
  }

  #report(path: readonly (string | number)[], details: ProblemDetails, at: 'key' | 'value' = 'value'): void {
    const full = ['steps', this.#name, ...path]
    const { positions } = this.#scope
    this.problems.push(at === 'key' ? positions.keyProblem(full, details) : positions.problem(full, details))
  }

  #component(): Component | undefined {
    const component = this.#scope.catalogue.get(this.#step.uses)
    if (component === undefined) {
      const known = [...this.#scope.catalogue.keys()]
      this.#report(['uses'], {
        message: sentence('unknown-component', { name: this.#step.uses }),
        expected: oneOf(known),
        ...nearest(this.#step.uses, known),
      })
    }
    return component
  }

  #inputs(component: Component): Record<string, Edge[]> {
    const given = this.#step.in
    const known = Object.keys(component.inputs)
    for (const name of Object.keys(given).filter((candidate) => !known.includes(candidate))) {
      this.#report(
        ['in', name],
        {
          message: sentence('unknown-input', { component: component.name, name }),
          expected: known.length > 0 ? oneOf(known) : sentence('no-inputs', {}),
          ...nearest(name, known),
        },
        'key',
      )
    }
    const edges: Record<string, Edge[]> = {}
    for (const [name, input] of Object.entries(component.inputs)) {
      const references = given[name]
      if (references === undefined) {
        if (!input.optional) {
          this.#report(['in'], {
            message: sentence('missing-input', { name, component: component.name }),
            expected: `in: { ${name}: <a step that makes ${input.types.join(' or ')}> }`,
          })
        }
        continue
      }
      if (Array.isArray(references) && !input.many) {
        this.#report(['in', name], {
          message: sentence('single-input', { name }),
          found: shown(references),
        })
        continue
      }
      edges[name] = [references].flat().flatMap((reference) => this.#edge(name, reference, input.types) ?? [])
    }
    return edges
  }

  /** The output that a reference means; undefined after reporting what is wrong with it. */
  #edge(inputName: string, reference: string, types: readonly string[]): Edge | undefined {
    const path = ['in', inputName]
    const [stepName = '', outputName] = reference.split('.')
    const step = this.#knownStep(stepName, path)
    const component = step && this.#scope.catalogue.get(step.uses)
    if (component === undefined) return undefined
    const outputs = Object.entries(component.outputs)
    if (outputName !== undefined && !Object.hasOwn(component.outputs, outputName)) {
      const known = outputs.map(([name]) => name)
      this.#report(path, {
        message: sentence('unknown-output', { step: stepName, name: outputName }),
        expected: oneOf(known),
        ...nearest(outputName, known),
      })
      return undefined
    }
    const fitting = outputs.filter(([name, output]) => (outputName ?? name) === name && types.includes(output.type))
    const [only] = fitting
    if (only !== undefined && fitting.length === 1) return { step: stepName, output: only[0] }
    this.#report(path, {
      message:
        fitting.length > 1
          ? sentence('several-outputs', { step: stepName, names: `${stepName}.<output>` })
          : sentence('cannot-read', { name: inputName, step: stepName }),
      found: outputs.map(([name, output]) => `${name}: ${output.type}`).join(', ') || 'no outputs',
      expected: types.join(' or '),
    })
    return undefined
  }

  #knownStep(name: string, path: readonly (string | number)[]): StepSpec | undefined {
    const steps = this.#scope.spec.steps
    const step = Object.hasOwn(steps, name) ? steps[name] : undefined
    if (step === undefined) {
      const known = Object.keys(steps).filter((candidate) => candidate !== this.#name)
      this.#report(path, {
        message: sentence('unknown-step', { step: name }),
        expected: oneOf(known),
        ...nearest(name, known),
      })
    }
    return step
  }

  #needs(): string[] {
    return this.#step.needs.filter((name, index) => this.#knownStep(name, ['needs', index]) !== undefined)
  }

  #stepsReadByWhen(): string[] {
    if (this.#step.when === undefined) return []
    try {
      return namesIn(parseExpression(this.#step.when)).flatMap(([root, name = '']) => {
        if (root === 'steps') return this.#knownStep(name, ['when']) === undefined ? [] : [name]
        if (root === 'params' && Object.hasOwn(this.#scope.parameters, name)) return []
        this.#report(['when'], {
          message: sentence('unknown-in-condition', { name: [root, name].join('.') }),
          expected: 'params.<name>, steps.<name>.status or steps.<name>.values.<name>',
          ...nearest(name, Object.keys(this.#scope.parameters)),
        })
        return []
      })
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      this.#report(['when'], {
        message: sentence('condition-unreadable', { problem: error.message }),
        found: this.#step.when,
      })
      return []
    }
  }

  #options(component: Component): Record<string, Json> {
    const filled = fillTemplate(this.#step.with, this.#scope.parameters)
    for (const problem of filled.problems) {
      this.#report(['with', ...problem.path], {
        message: problem.message,
        ...nearest(problem.unknownParameter, Object.keys(this.#scope.parameters)),
      })
    }
    const checked = component.options.safeParse(filled.value)
    if (checked.success) return isRecord(filled.value) ? filled.value : {}
    const prefix = ['steps', this.#name, 'with']
    // A placeholder that could not be filled left no value, which is not a further mistake.
    const unfilled = new Set(filled.problems.map((problem) => [...prefix, ...problem.path].join('.')))
    const wrong = zodProblems(checked.error, filled.value, this.#scope.positions, component.options, prefix)
    this.problems.push(...wrong.filter((problem) => !unfilled.has(problem.path ?? '')))
    return {}
  }
}

type ProblemDetails = Omit<FileProblem, 'file' | 'line' | 'column' | 'path'>

function nearest(name: string | undefined, candidates: readonly string[]): { nearest?: string } {
  const found = name === undefined ? undefined : nearestName(name, candidates)
  return found === undefined ? {} : { nearest: found }
}

function isRecord(value: Json): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function oneOf(names: readonly string[]): string {
  return sentence('one-of', { names: names.join(', ') })
}
