/** What is asked of endpoints, second by second. */
import { z } from 'zod'
import { instantSchema } from './names.ts'

const milliseconds = z.number().nullable()

/** Latency is that of answered requests, from the complete request to its answer, within 5 %; null where none was answered. */
export const trafficFiguresSchema = z.object({
  requests: z.number().int(),
  /** Requests that were refused or failed. */
  errors: z.number().int(),
  p50Ms: milliseconds,
  p95Ms: milliseconds,
  p99Ms: milliseconds,
})
export type TrafficFigures = z.infer<typeof trafficFiguresSchema>

/** One second with at least one request; a second without has no point. */
export const trafficPointSchema = trafficFiguresSchema.extend({
  /** Its beginning. */
  at: instantSchema,
  /** The same by the number of the revision that answered; 0: none did. */
  revisions: z.array(trafficFiguresSchema.extend({ revision: z.number().int() })),
})
export type TrafficPoint = z.infer<typeof trafficPointSchema>

export const endpointTrafficSchema = z.object({
  endpoint: z.string(),
  /** The clock of the engine when this was told. */
  at: instantSchema,
  /** Oldest first. In an event: those since the event before. */
  points: z.array(trafficPointSchema),
  /** All requests of the last `recentSeconds` together. */
  recent: trafficFiguresSchema,
})
export type EndpointTraffic = z.infer<typeof endpointTrafficSchema>

/** What was asked in each step of a span of time. */
export const trafficHistorySchema = z.object({
  endpoint: z.string(),
  from: instantSchema,
  /** Exclusive. */
  to: instantSchema,
  stepMs: z.number(),
  /** Oldest first; a step without a request has no point. */
  points: z.array(trafficFiguresSchema.extend({ at: instantSchema })),
})
export type TrafficHistory = z.infer<typeof trafficHistorySchema>

const mostSteps = 300
const minuteMs = 60_000
const stepsMs = [1, 5, 15, 60, 180, 360, 720].map((minutes) => minutes * minuteMs)
const dayMs = 1_440 * minuteMs

/** The shortest step that divides a span of time into as many as a chart can show. */
export function trafficStepMs(spanMs: number): number {
  return stepsMs.find((stepMs) => spanMs / stepMs <= mostSteps) ?? dayMs
}

export const recentSeconds = 10
/** How far back points reach. */
export const trafficSeconds = 900
