/** While a person draws an edge: which ports would take it. */
import { createContext } from 'react'
import type { DraftStep } from '#shared/pipelines.ts'
import { type Catalogue, refusal } from './connection.ts'

export interface PortPlace {
  readonly step: string
  readonly side: 'in' | 'out'
  readonly port: string
}

/** Keys of the ports that fit; undefined while no edge is drawn. */
export const FittingPorts = createContext<ReadonlySet<string> | undefined>(undefined)

export const portKey = ({ step, side, port }: PortPlace) => `${step}\n${side}:${port}`

/** Ids of ports in the graph; `order` ports carry `needs`. */
export const handleId = (side: PortPlace['side'], port: string) => `${side}:${port}`
export const orderHandles = { in: 'order-in', out: 'order-out' } as const

export function portOfHandle(step: string | null, handle: string | null | undefined): PortPlace | undefined {
  const match = /^(in|out):(.*)$/.exec(handle ?? '')
  if (step === null || match === null) return undefined
  return { step, side: match[1] === 'in' ? 'in' : 'out', port: match[2] ?? '' }
}

/** Every port that an edge from, or to, the given one may end at. */
export function fittingPorts(steps: readonly DraftStep[], catalogue: Catalogue, start: PortPlace): ReadonlySet<string> {
  const others = steps.flatMap((step) => {
    const component = catalogue.get(step.component)
    const side = start.side === 'out' ? 'in' : 'out'
    const ports = Object.keys((side === 'in' ? component?.inputs : component?.outputs) ?? {})
    return ports.map((port): PortPlace => ({ step: step.name, side, port }))
  })
  const fits = (other: PortPlace) => {
    const [from, to] = start.side === 'out' ? [start, other] : [other, start]
    const places = [
      { step: from.step, output: from.port },
      { step: to.step, input: to.port },
    ] as const
    return refusal(steps, catalogue, ...places) === undefined
  }
  return new Set([start, ...others.filter(fits)].map(portKey))
}
