/** What of the drift of a dataset is looked at, in the address. */
import type { DriftHistory } from '#shared/drift.ts'
import { driftHistorySchema } from '#shared/drift.ts'
import type { RegisteredModel } from '#shared/models.ts'
import { useSearchParam } from '../../../lib/use-search-param.ts'

export interface DriftAddress {
  /** Undefined: the first stretch of time. */
  readonly against: string | undefined
  /** Undefined: what gives a legible number of stretches. */
  readonly by: DriftHistory['by'] | undefined
  /** The days looked at; undefined: the last stretch. */
  readonly from: string | undefined
  readonly to: string | undefined
  setAgainst(against: string | undefined): void
  setBy(by: string): void
  choose(from: string | undefined, to: string | undefined): void
}

export function useDriftAddress(): DriftAddress {
  const [against, setAgainst] = useSearchParam('against')
  const [by, setBy] = useSearchParam('by')
  const [from, setFrom] = useSearchParam('from')
  const [to, setTo] = useSearchParam('to')
  const choose = (first: string | undefined, end: string | undefined) => {
    setFrom(first)
    setTo(end)
  }
  return {
    against,
    by: driftHistorySchema.shape.by.safeParse(by).data,
    from,
    to,
    setAgainst,
    setBy(next) {
      setBy(next)
      // A stretch of the length before is none of this one.
      choose(undefined, undefined)
    },
    choose,
  }
}

/** The versions of the project that have a name, the champions first. */
export function offeredModels(
  models: readonly Pick<RegisteredModel, 'name' | 'projectId' | 'aliases'>[],
  projectId: string,
) {
  return models
    .filter((model) => model.projectId === projectId)
    .flatMap(({ name, aliases }) => Object.keys(aliases).map((alias) => `${name}@${alias}`))
    .sort((a, b) => Number(b.endsWith('@champion')) - Number(a.endsWith('@champion')) || a.localeCompare(b))
}
