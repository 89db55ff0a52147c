/** A bound as a number: instants become epoch ms (UTC where no zone is said). */
export function comparable(bound: unknown): number {
  if (typeof bound !== 'string') return Number(bound)
  return Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(bound) || !bound.includes('T') ? bound : `${bound}Z`)
}
