/** Settings as choices, and what takes a change back. Pure. */
import type { HomeSettings, SettingsChange } from '#shared/settings.ts'

/** The values that a change replaces; undefined where it replaces none. */
export function formerValues(settings: HomeSettings, change: SettingsChange): SettingsChange | undefined {
  const wanted = new Map<string, unknown>(Object.entries(change))
  const replaced = Object.entries(settings).filter(([name, value]) => wanted.has(name) && wanted.get(name) !== value)
  return replaced.length === 0 ? undefined : Object.fromEntries(replaced)
}

/** The usual choices with the one that is set, in order. `null`, the choice without limit, comes last. */
export function choicesWith(usual: readonly number[], current: number | null): (number | null)[] {
  const values = new Set(current === null ? usual : [...usual, current])
  return [...[...values].sort((a, b) => a - b), null]
}

export const lowestPort = 1_024
export const highestPort = 65_535

/** A port as it was typed; undefined where it is none that a server of this user can have. */
export function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return port >= lowestPort && port <= highestPort ? port : undefined
}

/** The share of each part of a whole, from 0 to 1; all 0 where there is nothing. */
export function shares(parts: readonly number[]): number[] {
  const whole = parts.reduce((total, part) => total + part, 0)
  return parts.map((part) => (whole === 0 ? 0 : part / whole))
}
