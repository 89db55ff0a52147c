/** Components as palettes and forms show them. */
import { z } from 'zod'
import type { ComponentInfo } from '#shared/pipelines.ts'
import { parametersSchema } from '#shared/runs.ts'
import type { Component } from './component.ts'
import type { Catalogue } from './planner.ts'

const known = new WeakMap<Component, ComponentInfo>()

/** By name. The schema of a component's options never changes, so it is made once. */
export function describeComponents(catalogue: Catalogue): ComponentInfo[] {
  return [...catalogue.values()].map((component) => {
    const info = known.get(component) ?? describe(component)
    known.set(component, info)
    return info
  })
}

function describe({ name, version, summary, inputs, outputs, options }: Component): ComponentInfo {
  return {
    name,
    version,
    summary,
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([input, { types, summary: about, optional = false, many = false }]) => [
        input,
        { types: [...types], summary: about, optional, many },
      ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([output, { type, summary: about }]) => [output, { type, summary: about }]),
    ),
    // Through JSON: what cannot be sent is not part of a JSON Schema.
    options: parametersSchema.parse(
      JSON.parse(JSON.stringify(z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }))),
    ),
  }
}
