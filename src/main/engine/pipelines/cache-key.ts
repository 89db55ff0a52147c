import type { Json } from '#shared/runs.ts'
import { hashJson } from '../kernel/canonical-json.ts'
import type { Component } from './component.ts'
import type { SourceHash } from './step-messages.ts'

export interface CacheKeyParts {
  readonly component: Pick<Component, 'name' | 'version'>
  readonly options: Readonly<Record<string, Json>>
  /** Input name to artifact hashes. */
  readonly inputs: Readonly<Record<string, readonly string[]>>
  readonly sources: readonly SourceHash[]
  readonly seed: number
}

/** Equal for two steps exactly if the second would do the same as the first. */
export function cacheKey({ component, options, inputs, sources, seed }: CacheKeyParts): string {
  return hashJson({ component: component.name, version: component.version, options, inputs, sources, seed })
}
