/** What every field of an option form may ask and do. Paths begin inside `with`. */
import { type ComponentType, createContext, useContext } from 'react'
import type { Json } from '#shared/runs.ts'
import type { Field } from './form-model.ts'

export type OptionPath = readonly (string | number)[]

export interface OptionFieldProps {
  field: Field
  path: OptionPath
  value: Json | undefined
}

/** What every control is given. */
export interface ControlProps extends OptionFieldProps {
  id: string
  describedBy: string | undefined
}

export interface OptionActs {
  /** Draws one option; controls that hold further options draw them by it. */
  readonly OptionField: ComponentType<OptionFieldProps>
  set(path: OptionPath, value: Json): void
  remove(path: OptionPath): void
  /** Sets some values and removes others, as one act. */
  change(sets: readonly { path: OptionPath; value: Json }[], removes: readonly OptionPath[]): void
  /** Names to offer for the option, such as those of datasets. */
  suggest(option: string): readonly string[]
  /** The parameters of the pipeline, to be named in expressions. */
  readonly parameters: readonly string[]
}

const OptionContext = createContext<OptionActs | undefined>(undefined)
export const OptionProvider = OptionContext.Provider

export function useOptionActs(): OptionActs {
  const acts = useContext(OptionContext)
  if (acts === undefined) throw new Error('No options are being edited here.')
  return acts
}
