/** Endpoints: what serves predictions. */
import { z } from 'zod'
import { accessRulesSchema, endpointAccessSchema, endpointKeySchema } from '../access.ts'
import { explainBodySchema, explanationAnswerSchema } from '../explanations.ts'
import { endpointSchema, revisionSchema } from '../models.ts'
import { instantSchema, nameSchema } from '../names.ts'
import { featureReadSchema } from '../online.ts'
import { nameParams, route } from '../route.ts'
import { jsonSchema, parametersSchema } from '../runs.ts'
import { endpointTrafficSchema, trafficHistorySchema } from '../traffic.ts'

/** What a model says about one row: a class with its probability and those of all classes, or a value. */
export const predictionSchema = z.object({
  prediction: jsonSchema,
  probability: z.number().optional(),
  probabilities: z.record(z.string(), z.number()).optional(),
})
export type Prediction = z.infer<typeof predictionSchema>

export const endpointsRoutes = {
  listEndpoints: route('GET', '/endpoints', 'The endpoints and what answers at each.', {
    response: z.array(endpointSchema),
  }),
  getEndpoint: route('GET', '/endpoints/:name', 'One endpoint.', { params: nameParams, response: endpointSchema }),
  deploy: route(
    'POST',
    '/endpoints/:name/deploy',
    'Puts a model version behind an endpoint, which is made if need be.',
    {
      params: z.object({ name: nameSchema }),
      body: z.object({
        model: z.string(),
        version: z.number().int().min(1),
        reason: z.string().max(1_000).default(''),
      }),
      response: endpointSchema,
    },
  ),
  rollBack: route('POST', '/endpoints/:name/rollback', 'Makes an earlier revision answer again, as a new revision.', {
    params: nameParams,
    body: z.object({
      revision: z.number().int().min(1).optional().describe('Its number; the one before the last when left out.'),
      reason: z.string().max(1_000).default(''),
      keepChampion: z
        .boolean()
        .default(false)
        .describe('Leave the champion where it is. Default: it goes back to the version that answers.'),
    }),
    response: endpointSchema,
  }),
  listRevisions: route('GET', '/endpoints/:name/revisions', 'The revisions of an endpoint, newest first.', {
    params: nameParams,
    response: z.array(revisionSchema),
  }),
  predict: route(
    'POST',
    '/endpoints/:name/predict',
    'Asks the inference server for predictions, for pages that may speak with the control API alone.',
    {
      params: nameParams,
      body: z.object({ rows: z.array(parametersSchema).min(1).max(1_000) }),
      response: z.object({
        model: z.string(),
        version: z.number().int(),
        revision: z.number().int(),
        latencyMs: z.number().describe('From the question to the whole answer, as the engine saw it.'),
        predictions: z.array(predictionSchema),
        features: z
          .array(z.array(featureReadSchema))
          .optional()
          .describe('For each row, what the online feature store had for the inputs that the row left out.'),
      }),
    },
  ),
  explain: route(
    'POST',
    '/endpoints/:name/explain',
    'What each input contributed to the answer for a row: Shapley values, sampled against training rows.',
    { params: nameParams, body: explainBodySchema, response: explanationAnswerSchema },
  ),
  getEndpointAccess: route('GET', '/endpoints/:name/access', 'Who may ask an endpoint, with which keys.', {
    params: nameParams,
    response: endpointAccessSchema,
  }),
  putEndpointAccess: route(
    'PUT',
    '/endpoints/:name/access',
    'Changes the rules that are given. Keys are required only where there is one.',
    { params: nameParams, body: accessRulesSchema.partial(), response: endpointAccessSchema },
  ),
  addEndpointKey: route('POST', '/endpoints/:name/keys', 'Makes a key. It is in this answer and nowhere else.', {
    params: nameParams,
    body: z.object({ name: z.string().trim().min(1).max(100) }),
    response: z.object({ key: z.string(), stored: endpointKeySchema }),
  }),
  revokeEndpointKey: route('DELETE', '/endpoints/:name/keys/:id', 'Refuses a key from the next request on.', {
    params: z.object({ name: z.string(), id: z.string() }),
    response: endpointAccessSchema,
  }),
  getTraffic: route('GET', '/endpoints/:name/traffic', 'What was asked of an endpoint in the last 15 minutes.', {
    params: nameParams,
    response: endpointTrafficSchema,
  }),
  getTrafficHistory: route(
    'GET',
    '/endpoints/:name/traffic/history',
    'What was asked of an endpoint in a span of time: by the minute for two days back, by the hour for 400 days.',
    {
      params: nameParams,
      query: z.object({
        from: z.coerce.number().pipe(instantSchema).describe('Epoch milliseconds.'),
        to: z.coerce.number().pipe(instantSchema).optional().describe('Exclusive. Default: now.'),
      }),
      response: trafficHistorySchema,
    },
  ),
} as const
