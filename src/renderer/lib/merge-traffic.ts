import { type EndpointTraffic, trafficSeconds } from '#shared/traffic.ts'

/** What is known and what an event adds: each second once, in order, of the last 15 minutes. */
export function mergeTraffic(known: EndpointTraffic, added: EndpointTraffic): EndpointTraffic {
  const oldest = added.at - trafficSeconds * 1_000
  const bySecond = new Map([...known.points, ...added.points].map((point) => [point.at, point]))
  const points = [...bySecond.values()].filter(({ at }) => at >= oldest).sort((a, b) => a.at - b.at)
  return { ...added, points }
}
