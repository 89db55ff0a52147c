/** What the engine and the inference thread say to each other. Each call gets one reply; traffic is told unasked. */
import type { Problem } from '#shared/errors.ts'
import type { RequestLogSettings, RequestLogState } from '#shared/requests.ts'
import type { FeaturePaths } from '../features/online/feature-paths.ts'
import type { EnforcedAccess } from './access-guard.ts'
import type { ModelToServe } from './live-model.ts'
import type { OutsideAddress } from './outside.ts'
import type { ShadowNews } from './rollout/shadow-mirror.ts'
import type { Split } from './rollout/split.ts'
import type { TrafficSecond } from './traffic-counter.ts'

export type ThreadRequest =
  /** The first one. `endpoints`: what will be loaded, so that a request for them is told to wait. */
  | {
      readonly kind: 'prepare'
      readonly endpoints: readonly string[]
      /** Those that will not be loaded, and why. */
      readonly failed: ReadonlyMap<string, string>
      readonly features: FeaturePaths | undefined
      /** By endpoint. */
      readonly access: ReadonlyMap<string, EnforcedAccess>
      /** Passes where a key is required. */
      readonly engineSecret: string
      /** Undefined: requests are not logged. */
      readonly requestLog: ThreadRequestLog | undefined
    }
  | { readonly kind: 'listen'; readonly host: string; readonly port: number }
  /** Listens for other machines too; the answer is that port. */
  | { readonly kind: 'listen-outside'; readonly address: OutsideAddress }
  /** Logs the requests of an endpoint in this way from now on. */
  | { readonly kind: 'log'; readonly endpoint: string; readonly settings: RequestLogSettings }
  /** Keeps the requests of an endpoint to these rules from now on. */
  | { readonly kind: 'access'; readonly endpoint: string; readonly access: EnforcedAccess }
  /** Loads and warms a model beside the one that answers. `slot`: by which the thread notes that it computes. */
  | { readonly kind: 'load'; readonly endpoint: string; readonly source: ModelToServe; readonly slot: number }
  /** Answered by whatever thread is there and does not hang. */
  | { readonly kind: 'ping' }
  /** Lets the loaded model answer. */
  | { readonly kind: 'activate'; readonly endpoint: string; readonly revision: number }
  /** Gives the loaded model a share of the requests, beside the one that answers. */
  | { readonly kind: 'start-split'; readonly endpoint: string; readonly revision: number; readonly split: Split }
  | { readonly kind: 'change-split'; readonly endpoint: string; readonly split: Split }
  | { readonly kind: 'end-split'; readonly endpoint: string; readonly outcome: 'promoted' | 'withdrawn' }
  | { readonly kind: 'remove'; readonly endpoint: string }
  | { readonly kind: 'close' }

export interface ThreadRequestLog {
  /** The folder of the log. */
  readonly path: string
  /** By endpoint; those that are not here are logged by default. */
  readonly settings: ReadonlyMap<string, RequestLogSettings>
}

export interface ThreadCall {
  readonly id: number
  readonly request: ThreadRequest
}

/** Said unasked: what was asked of the endpoints. */
export interface ThreadTraffic {
  readonly traffic: readonly TrafficSecond[]
}

/** Said unasked: the log of requests cannot be written, or can again. */
export interface ThreadLogState {
  readonly requestLog: RequestLogState
}

/** Said unasked: what shadows were asked. */
export interface ThreadShadows {
  readonly shadows: readonly ShadowNews[]
}

/** Said unasked, once for each model: it fails whatever it is asked. */
export interface ThreadFault {
  readonly fault: { readonly endpoint: string; readonly message: string }
}

/** Said unasked: the thread listens no more and is about to end, by a defect. */
export interface ThreadEnding {
  readonly ending: true
}

export interface ThreadReply {
  readonly id: number
  /** Of `listen`: the port. */
  readonly port?: number
  /** Why the request failed. */
  readonly problem?: Problem
}
