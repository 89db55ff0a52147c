/** Back-tests: what a trigger policy would have done. */
import {
  backtestDefaultsSchema,
  backtestListQuerySchema,
  backtestPageSchema,
  backtestRequestSchema,
  backtestSchema,
  replaySettingsSchema,
} from '../backtest.ts'
import { idParams, ok, projectNameParams, route } from '../route.ts'

export const backtestsRoutes = {
  startBacktest: route('POST', '/backtests', 'Starts a back-test of trigger policies over the history of a pipeline.', {
    body: backtestRequestSchema,
    response: backtestSchema,
  }),
  listBacktests: route('GET', '/backtests', 'Back-tests, newest first.', {
    query: backtestListQuerySchema,
    response: backtestPageSchema,
  }),
  getBacktest: route('GET', '/backtests/:id', 'One back-test, with its results as soon as its run has ended.', {
    params: idParams,
    response: backtestSchema,
  }),
  changeBacktest: route('PUT', '/backtests/:id/settings', 'Replays other policies; nothing is computed again.', {
    params: idParams,
    body: replaySettingsSchema,
    response: backtestSchema,
  }),
  deleteBacktest: route('DELETE', '/backtests/:id', 'Removes a back-test; its run stays.', {
    params: idParams,
    response: ok,
  }),
  getBacktestDefaults: route(
    'GET',
    '/projects/:id/pipelines/:name/backtest-defaults',
    'What a back-test of a pipeline would do if nothing were said.',
    { params: projectNameParams, response: backtestDefaultsSchema },
  ),
} as const
