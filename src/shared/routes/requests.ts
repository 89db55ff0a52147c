/** The request log of endpoints, and the ground truth that comes for it. */
import { z } from 'zod'
import { sqlAnswerSchema, sqlQuestionSchema } from '../data.ts'
import { instantSchema, pageSchema } from '../names.ts'
import {
  feedbackAnswerSchema,
  feedbackBodySchema,
  performanceBySchema,
  performanceSchema,
  requestDetailsSchema,
  requestFilterSchema,
  requestLogSchema,
  requestLogSettingsSchema,
  requestSummarySchema,
} from '../requests.ts'
import { nameParams, route } from '../route.ts'

/** Epoch milliseconds. Left out: all that the log holds. */
const spanQuery = z.object({
  from: z.coerce.number().pipe(instantSchema).default(0),
  to: z.coerce.number().pipe(instantSchema).optional().describe('Exclusive. Default: now.'),
  revision: z.coerce.number().int().optional(),
})

export const requestsRoutes = {
  listRequests: route('GET', '/endpoints/:name/requests', 'The logged requests of an endpoint, newest first.', {
    params: nameParams,
    query: spanQuery.extend(requestFilterSchema.shape).extend({
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
      cursor: z.string().max(1_000).optional(),
    }),
    response: pageSchema(requestSummarySchema),
  }),
  getRequest: route('GET', '/endpoints/:name/requests/:id', 'One logged row: what was asked, answered and true.', {
    params: z.object({ name: z.string(), id: z.string().max(200) }),
    query: spanQuery.extend({ row: z.coerce.number().int().min(0).default(0) }),
    response: requestDetailsSchema,
  }),
  runRequestSql: route(
    'POST',
    '/endpoints/:name/sql',
    'Runs a SELECT over the request log of an endpoint: the tables "requests" (with labels), "failures" and "labels".',
    { params: nameParams, body: sqlQuestionSchema, response: sqlAnswerSchema },
  ),
  getPerformance: route(
    'GET',
    '/endpoints/:name/performance',
    'What the answers of an endpoint were worth, as far as labels are known, each metric with its interval.',
    {
      params: nameParams,
      query: spanQuery.extend({
        by: performanceBySchema.default('day'),
        input: z.string().max(200).optional().describe('By whose values, where it is by slice.'),
      }),
      response: performanceSchema,
    },
  ),
  sendFeedback: route('POST', '/endpoints/:name/feedback', 'Tells what turned out to be true of answers.', {
    params: nameParams,
    body: feedbackBodySchema,
    response: feedbackAnswerSchema,
  }),
  importFeedback: route(
    'POST',
    '/endpoints/:name/feedback/file',
    'The same from a file (CSV, Parquet, JSON) with the columns "id" (and "row") or inputs (and "at"), and "label".',
    {
      params: nameParams,
      body: z.object({ path: z.string().describe('Absolute path.') }),
      response: feedbackAnswerSchema,
    },
  ),
  getRequestLog: route('GET', '/endpoints/:name/request-log', 'How the requests of an endpoint are logged.', {
    params: nameParams,
    response: requestLogSchema,
  }),
  putRequestLog: route('PUT', '/endpoints/:name/request-log', 'Changes the settings that are given.', {
    params: nameParams,
    body: requestLogSettingsSchema.partial(),
    response: requestLogSchema,
  }),
} as const
