/** What the app says, by area, in each language. English has the keys that every language must have. */
import * as alerts from './alerts.ts'
import * as app from './app.ts'
import * as backtest from './backtest.ts'
import * as columnReasons from './column-reasons.ts'
import * as common from './common.ts'
import * as data from './data.ts'
import * as drift from './drift.ts'
import * as endpoints from './endpoints.ts'
import * as features from './features.ts'
import * as gate from './gate.ts'
import * as gateFindings from './gate-findings.ts'
import * as infrastructure from './infrastructure.ts'
import * as ledger from './ledger.ts'
import * as lineage from './lineage.ts'
import * as modelImport from './model-import.ts'
import * as models from './models.ts'
import * as monitoring from './monitoring.ts'
import * as online from './online.ts'
import * as outside from './outside.ts'
import * as overview from './overview.ts'
import * as pipelines from './pipelines.ts'
import * as projects from './projects.ts'
import * as readings from './readings.ts'
import * as reproduce from './reproduce.ts'
import * as requests from './requests.ts'
import * as rollouts from './rollouts.ts'
import * as runs from './runs.ts'
import * as sentenceTexts from './sentences.ts'
import * as settings from './settings.ts'
import * as start from './start.ts'
import * as timeline from './timeline.ts'
import * as triggers from './triggers.ts'

export const en = {
  ...alerts.en,
  ...app.en,
  ...backtest.en,
  ...columnReasons.en,
  ...common.en,
  ...data.en,
  ...drift.en,
  ...endpoints.en,
  ...features.en,
  ...gate.en,
  ...gateFindings.en,
  ...infrastructure.en,
  ...ledger.en,
  ...lineage.en,
  ...modelImport.en,
  ...models.en,
  ...monitoring.en,
  ...online.en,
  ...outside.en,
  ...overview.en,
  ...pipelines.en,
  ...projects.en,
  ...readings.en,
  ...reproduce.en,
  ...requests.en,
  ...rollouts.en,
  ...runs.en,
  ...sentenceTexts.en,
  ...settings.en,
  ...start.en,
  ...timeline.en,
  ...triggers.en,
} as const

export const ptBR = {
  ...alerts.ptBR,
  ...app.ptBR,
  ...backtest.ptBR,
  ...columnReasons.ptBR,
  ...common.ptBR,
  ...data.ptBR,
  ...drift.ptBR,
  ...endpoints.ptBR,
  ...features.ptBR,
  ...gate.ptBR,
  ...gateFindings.ptBR,
  ...infrastructure.ptBR,
  ...ledger.ptBR,
  ...lineage.ptBR,
  ...modelImport.ptBR,
  ...models.ptBR,
  ...monitoring.ptBR,
  ...online.ptBR,
  ...outside.ptBR,
  ...overview.ptBR,
  ...pipelines.ptBR,
  ...projects.ptBR,
  ...readings.ptBR,
  ...reproduce.ptBR,
  ...requests.ptBR,
  ...rollouts.ptBR,
  ...runs.ptBR,
  ...sentenceTexts.ptBR,
  ...settings.ptBR,
  ...start.ptBR,
  ...timeline.ptBR,
  ...triggers.ptBR,
}
