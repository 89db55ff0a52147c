import type { RouteBody, RouteResponse } from '#shared/api.ts'
import type { PerformanceBy, RequestFilter, RequestLog } from '#shared/requests.ts'
import type { requestsRoutes } from '#shared/routes/requests.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { HandlersOf, PageRequest } from '../requests.ts'

interface Span {
  readonly endpoint: string
  readonly from: number
  readonly to: number
  readonly revision?: number | undefined
}

export interface RequestsService {
  page(question: Span & RequestFilter & PageRequest, signal: AbortSignal): Promise<RouteResponse<'listRequests'>>
  details(
    question: Span & { readonly id: string; readonly row: number },
    signal: AbortSignal,
  ): Promise<RouteResponse<'getRequest'>>
  sql(question: Span & RouteBody<'runRequestSql'>, signal: AbortSignal): Promise<RouteResponse<'runRequestSql'>>
  performance(
    question: Span & { readonly by: PerformanceBy; readonly input?: string | undefined },
    signal: AbortSignal,
  ): Promise<RouteResponse<'getPerformance'>>
  importLabels(endpoint: string, file: string, signal: AbortSignal): Promise<RouteResponse<'importFeedback'>>
  log(endpoint: string): Promise<RequestLog>
  change(endpoint: string, change: RouteBody<'putRequestLog'>): Promise<RequestLog>
}

export interface FeedbackService {
  feedback(request: {
    readonly endpoint: string
    readonly body: unknown
    readonly signal: AbortSignal
  }): Promise<RouteResponse<'sendFeedback'>>
}

export interface RequestsParts {
  readonly requests: RequestsService
  readonly predictions: FeedbackService
}

export function requestsHandlers({ requests, predictions }: RequestsParts) {
  return {
    listRequests: ({ params, query, signal }) => requests.page({ ...query, ...spanOf(params, query) }, signal),
    getRequest: ({ params, query, signal }) =>
      requests.details({ ...query, ...spanOf(params, query), id: params.id }, signal),
    runRequestSql: ({ params, body, signal }) => requests.sql({ ...body, ...spanOf(params, { from: 0 }) }, signal),
    getPerformance: ({ params, query, signal }) => {
      if (query.by === 'slice' && query.input === undefined) {
        throw new EsteiraError('invalid-request', 'By which input the rows are to be divided is not said.', {
          where: 'input',
          next: 'Name an input of the model, such as input=origin.',
        })
      }
      return requests.performance({ ...query, ...spanOf(params, query) }, signal)
    },
    sendFeedback: ({ params, body, signal }) => predictions.feedback({ endpoint: params.name, body, signal }),
    importFeedback: ({ params, body, signal }) => requests.importLabels(params.name, body.path, signal),
    getRequestLog: ({ params }) => requests.log(params.name),
    putRequestLog: ({ params, body }) => requests.change(params.name, body),
  } satisfies HandlersOf<keyof typeof requestsRoutes>
}

/** What is being answered now is in the log a moment later. */
function spanOf(
  { name }: { readonly name: string },
  { from, to = Date.now() + 1 }: { readonly from: number; readonly to?: number | undefined },
) {
  return { endpoint: name, from, to }
}
