import type { EngineInfo } from '#shared/api.ts'
import type { HandlersOf } from '../requests.ts'
import { done } from './done.ts'

export interface EngineService {
  info(): EngineInfo
  /** Begins to stop; the answer to the request still goes out. */
  stop(): void
}

export function engineHandlers(engine: EngineService, version: string) {
  return {
    getHealth: () => ({ status: 'ok', version }),
    getEngine: () => engine.info(),
    stopEngine: () => {
      engine.stop()
      return done
    },
  } satisfies HandlersOf<'getHealth' | 'getEngine' | 'stopEngine'>
}
