import { projects } from './001-projects.ts'
import { artifacts } from './002-artifacts.ts'
import { runs } from './003-runs.ts'
import { registry } from './004-registry.ts'
import { endpoints } from './005-endpoints.ts'
import { pipelineTexts } from './006-pipeline-texts.ts'
import { runList } from './007-run-list.ts'
import { triggers } from './008-triggers.ts'
import { settings } from './009-settings.ts'
import { lineage } from './010-lineage.ts'
import { backtests } from './011-backtests.ts'
import { featureViews } from './012-feature-views.ts'
import { approvals } from './013-approvals.ts'
import { triggerDecisions } from './014-trigger-decisions.ts'
import { sketches } from './015-sketches.ts'
import { sketchMonths } from './016-sketch-months.ts'
import { endpointAccess } from './017-endpoint-access.ts'
import { requestLog } from './018-request-log.ts'
import { rollouts } from './019-rollouts.ts'
import { alerts } from './020-alerts.ts'
import { monitors } from './021-monitors.ts'
import { championGoesBack } from './022-champion-goes-back.ts'
import { approvalRollouts } from './023-approval-rollouts.ts'
import { trafficHistory } from './024-traffic-history.ts'
import type { Migration } from './migration.ts'

/** Append-only, in order. */
export const migrations: readonly Migration[] = [
  projects,
  artifacts,
  runs,
  registry,
  endpoints,
  pipelineTexts,
  runList,
  triggers,
  settings,
  lineage,
  backtests,
  featureViews,
  approvals,
  triggerDecisions,
  sketches,
  sketchMonths,
  endpointAccess,
  requestLog,
  rollouts,
  alerts,
  monitors,
  championGoesBack,
  approvalRollouts,
  trafficHistory,
]
