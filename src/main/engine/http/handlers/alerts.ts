import type { AlertDelivery, AlertDetails, AlertListQuery, AlertPage, Webhook, WebhookTest } from '#shared/alerts.ts'
import type { alertsRoutes } from '#shared/routes/alerts.ts'
import type { Timeline, TimelineQuery } from '#shared/timeline.ts'
import type { HandlersOf } from '../requests.ts'
import { done } from './done.ts'

export interface AlertsParts {
  readonly alerts: {
    list(query: AlertListQuery): AlertPage
    get(id: string): AlertDetails
    acknowledge(id: string, request: { readonly by: string; readonly note: string }): AlertDetails
    retry(deliveryId: string): AlertDelivery
  }
  readonly webhooks: {
    list(): Webhook[]
    put(
      name: string,
      request: { readonly url: string; readonly allowLinkLocal: boolean },
    ): { webhook: Webhook; secret: string }
    remove(name: string): void
  }
  readonly timelines: { of(endpoint: string, query: TimelineQuery): Timeline }
  readonly deliverer: { testWebhook(name: string): Promise<WebhookTest> }
}

export function alertsHandlers({ alerts, webhooks, deliverer, timelines }: AlertsParts) {
  return {
    listAlerts: ({ query }) => alerts.list(query),
    getAlert: ({ params }) => alerts.get(params.id),
    acknowledgeAlert: ({ params, body }) => alerts.acknowledge(params.id, body),
    retryDelivery: ({ params }) => alerts.retry(params.id),
    getTimeline: ({ params, query }) => timelines.of(params.name, query),
    listWebhooks: () => webhooks.list(),
    putWebhook: ({ params, body }) => webhooks.put(params.name, body),
    removeWebhook: ({ params }) => {
      webhooks.remove(params.name)
      return done
    },
    testWebhook: ({ params }) => deliverer.testWebhook(params.name),
  } satisfies HandlersOf<keyof typeof alertsRoutes>
}
