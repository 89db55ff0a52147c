/** Alerts, and where they are sent. */
import { z } from 'zod'
import {
  alertDeliverySchema,
  alertDetailsSchema,
  alertListQuerySchema,
  alertPageSchema,
  webhookBodySchema,
  webhookSchema,
  webhookTestSchema,
} from '../alerts.ts'
import { nameSchema } from '../names.ts'
import { idParams, nameParams, ok, route } from '../route.ts'
import { timelineQuerySchema, timelineSchema } from '../timeline.ts'

export const alertsRoutes = {
  listAlerts: route('GET', '/alerts', 'Alerts of all monitors, newest first, and how many are open.', {
    query: alertListQuerySchema,
    response: alertPageSchema,
  }),
  getAlert: route('GET', '/alerts/:id', 'One alert with all that became of it, oldest first.', {
    params: idParams,
    response: alertDetailsSchema,
  }),
  acknowledgeAlert: route('POST', '/alerts/:id/acknowledge', 'Notes who has seen to an open alert.', {
    params: idParams,
    body: z.object({
      by: z.string().trim().min(1).max(100).default('api').describe('Who: gui, cli, api, a name.'),
      note: z.string().max(1_000).default(''),
    }),
    response: alertDetailsSchema,
  }),
  retryDelivery: route('POST', '/alert-deliveries/:id/retry', 'Tries a delivery again that was given up.', {
    params: idParams,
    response: alertDeliverySchema,
  }),
  getTimeline: route(
    'GET',
    '/endpoints/:name/timeline',
    'The story of an endpoint: readings, alerts, decisions, runs, verdicts, aliases, revisions, rollouts; what led to what.',
    { params: nameParams, query: timelineQuerySchema, response: timelineSchema },
  ),
  listWebhooks: route('GET', '/webhooks', 'Where alerts can be sent, without secrets.', {
    response: z.array(webhookSchema),
  }),
  putWebhook: route(
    'PUT',
    '/webhooks/:name',
    'Makes a webhook, or changes where it leads. Its secret is new, and in this answer alone.',
    {
      params: z.object({ name: nameSchema }),
      body: webhookBodySchema,
      response: z.object({ webhook: webhookSchema, secret: z.string() }),
    },
  ),
  removeWebhook: route('DELETE', '/webhooks/:name', 'Removes a webhook: what was still to be sent there is given up.', {
    params: nameParams,
    response: ok,
  }),
  testWebhook: route('POST', '/webhooks/:name/test', 'Sends a signed test, and says what came back.', {
    params: nameParams,
    response: webhookTestSchema,
  }),
} as const
