/** How each artifact type looks at a port: no two share both shape and colour. */
import type { ArtifactType } from '#shared/runs.ts'

export type PortShape = 'circle' | 'square' | 'diamond' | 'triangle' | 'hexagon'
export interface PortLook {
  readonly shape: PortShape
  /** A colour of the page's variables. */
  readonly color: string
}

export const portLooks: Readonly<Record<ArtifactType, PortLook>> = {
  table: { shape: 'square', color: 'var(--series-1)' },
  statistics: { shape: 'circle', color: 'var(--series-7)' },
  anomalies: { shape: 'triangle', color: 'var(--series-2)' },
  drift: { shape: 'diamond', color: 'var(--series-2)' },
  splits: { shape: 'hexagon', color: 'var(--series-1)' },
  prepared: { shape: 'diamond', color: 'var(--series-1)' },
  model: { shape: 'hexagon', color: 'var(--series-3)' },
  evaluation: { shape: 'circle', color: 'var(--series-4)' },
  verdict: { shape: 'triangle', color: 'var(--series-4)' },
  'model-version': { shape: 'diamond', color: 'var(--series-3)' },
  deployment: { shape: 'square', color: 'var(--series-5)' },
  file: { shape: 'circle', color: 'var(--series-8)' },
}

/** Of a port whose type is not known. */
export const unknownLook: PortLook = { shape: 'circle', color: 'var(--neutral)' }

/** Drawn in a box of 12 by 12. SVG path data. */
export const shapePaths: Readonly<Record<PortShape, string>> = {
  circle: 'M6,1.5a4.5,4.5 0 1,0 0.001,0z',
  square: 'M2,2h8v8h-8z',
  diamond: 'M6,0.8L11.2,6L6,11.2L0.8,6z',
  triangle: 'M6,1.2L11,10.3H1z',
  hexagon: 'M3.4,1.5h5.2L11.2,6L8.6,10.5H3.4L0.8,6z',
}

/** An input that takes several types looks like the first of them. */
export function lookOf(types: readonly (ArtifactType | undefined)[]): PortLook {
  const [first] = types
  return first === undefined ? unknownLook : portLooks[first]
}
