import type { Json } from '#shared/runs.ts'

type Values = Readonly<Record<string, Json>>

export interface Difference {
  readonly name: string
  /** In the order of what was compared; undefined where there is none. */
  readonly values: readonly (Json | undefined)[]
  readonly differs: boolean
}

/** Every name that occurs, in order of first appearance, with the value that each of the compared has. */
export function compareValues(compared: readonly Values[]): Difference[] {
  const names = new Set(compared.flatMap((values) => Object.keys(values)))
  return [...names].map((name) => {
    const values = compared.map((each) => (Object.hasOwn(each, name) ? each[name] : undefined))
    return { name, values, differs: new Set(values.map(canonical)).size > 1 }
  })
}

/** Those that a person set: other than what the pipeline file says now. */
export function changedValues(values: Values, defaults: Values | undefined): [string, Json][] {
  return Object.entries(values).filter(
    ([name, value]) => defaults === undefined || canonical(defaults[name]) !== canonical(value),
  )
}

/** The same text for the same value, in whatever order the keys of its objects were written. */
function canonical(value: Json | undefined): string {
  return (
    JSON.stringify(value, (_, each: unknown) =>
      each !== null && typeof each === 'object' && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    ) ?? ''
  )
}
