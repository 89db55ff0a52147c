import type { EngineInfo } from '#shared/api.ts'
import type { OutsideState } from '#shared/engine.ts'
import type { HandlersOf } from '../requests.ts'
import { done } from './done.ts'

export interface EngineService {
  info(): EngineInfo
  outside(): OutsideState
  /** Begins to stop; the answer to the request still goes out. */
  stop(): void
}

export function engineHandlers(engine: EngineService, version: string) {
  return {
    getHealth: () => ({ status: 'ok', version }),
    getEngine: () => engine.info(),
    getOutside: () => engine.outside(),
    stopEngine: () => {
      engine.stop()
      return done
    },
  } satisfies HandlersOf<'getHealth' | 'getEngine' | 'getOutside' | 'stopEngine'>
}
