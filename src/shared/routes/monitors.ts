/** Monitors: standing questions about endpoints, and the readings that answer them. */
import { z } from 'zod'
import {
  monitorListQuerySchema,
  monitorListSchema,
  monitorStateSchema,
  readingEvidenceSchema,
  readingHistoryQuerySchema,
  readingHistorySchema,
  readingSchema,
} from '../monitors.ts'
import { idParams, projectNameParams, route } from '../route.ts'

export const monitorsRoutes = {
  listMonitors: route('GET', '/monitors', 'The monitors of all projects, each with its newest readings.', {
    query: monitorListQuerySchema,
    response: monitorListSchema,
  }),
  getMonitor: route('GET', '/projects/:id/monitors/:name', 'One monitor with its newest readings.', {
    params: projectNameParams,
    response: monitorStateSchema,
  }),
  lookAtMonitor: route(
    'POST',
    '/projects/:id/monitors/:name/look',
    'Answers every check of a monitor now. Ending the request gives it up; events tell how far it is.',
    { params: projectNameParams, response: z.array(readingSchema) },
  ),
  getReadingHistory: route(
    'GET',
    '/projects/:id/monitors/:name/checks/:check/readings',
    'The readings of one check, oldest first. Where there are too many, of each stretch of time the worst.',
    {
      params: projectNameParams.extend({ check: z.string() }),
      query: readingHistoryQuerySchema,
      response: readingHistorySchema,
    },
  ),
  getReadingEvidence: route(
    'GET',
    '/readings/:id/evidence',
    'What a reading rests on: both distributions of every input that was compared, and the figures.',
    { params: idParams, response: readingEvidenceSchema },
  ),
} as const
