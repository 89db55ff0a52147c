/** Why an alias moved, a revision answers, or a rollout went on or back, where the engine itself says so. */
import type { Translation } from '../translation.ts'

export const en = {
  ledger: {
    'no-gate': 'The pipeline has no gate.',
    'not-promoting': 'The pipeline registers without promoting.',
    'rolled-back': 'Rolled back to revision {{revision}}.',
    'rolled-back-from': 'Rolled back from version {{version}}.',
    'rolled-back-from-none': 'The alias named no version before.',
    'taken-back': 'Version {{version}} was taken back at the endpoint {{endpoint}}.',
    alert: 'An alert of the monitor {{monitor}}, check {{check}}, asked for it.',
    withdrawn: 'The rollout was taken back.',
  },
  actRefusal: {
    over: 'The alert is over.',
    'no-revision': 'The endpoint has no revision.',
    'another-version':
      'Version {{version}} of {{model}} answers since revision {{revision}}; what was read is of version {{read}}.',
    newer: 'Revision {{revision}} is newer than what was read.',
    'by-alert': 'Revision {{revision}} is itself what an alert rolled back to: going on could go round in a circle.',
    'no-other-version': 'No other version has answered here before.',
  },
  rolloutReason: {
    'error-rate':
      'Of the requests {{value}} failed, {{stable}} at the stable version: certainly more than {{limit}} above.',
    'latency-p99':
      'The slowest hundredth took {{value}} ms, {{stable}} ms at the stable version: certainly more than {{limit}} times.',
    'latency-p99-ms': 'The slowest hundredth took {{value}} ms: certainly more than {{limit}} ms.',
    predictions: 'The predictions are distributed otherwise: a divergence of {{value}}, certainly more than {{limit}}.',
    label:
      'The metric on labelled rows is {{value}}, {{stable}} at the stable version: certainly more than {{limit}} worse.',
    better: '{{metric}} of the new version is better: it differs by {{value}} ({{low}} to {{high}}).',
    worse: '{{metric}} of the new version is worse: it differs by {{value}} ({{low}} to {{high}}).',
    passed: 'The step lasted {{span}} with {{requests}} requests of the new version, and no condition stopped it.',
  },
} as const

export const ptBR: Translation<typeof en> = {
  ledger: {
    'no-gate': 'O pipeline não tem validação.',
    'not-promoting': 'O pipeline registra sem promover.',
    'rolled-back': 'Revertido à revisão {{revision}}.',
    'rolled-back-from': 'Revertido da versão {{version}}.',
    'rolled-back-from-none': 'O alias não nomeava nenhuma versão antes.',
    'taken-back': 'A versão {{version}} foi retirada do endpoint {{endpoint}}.',
    alert: 'Um alerta do monitor {{monitor}}, verificação {{check}}, pediu isso.',
    withdrawn: 'A implantação foi retirada.',
  },
  actRefusal: {
    over: 'O alerta já acabou.',
    'no-revision': 'O endpoint não tem nenhuma revisão.',
    'another-version':
      'A versão {{version}} de {{model}} responde desde a revisão {{revision}}; o que foi lido é da versão {{read}}.',
    newer: 'A revisão {{revision}} é mais nova do que o que foi lido.',
    'by-alert':
      'A revisão {{revision}} é ela própria aquela a que um alerta reverteu: continuar poderia andar em círculo.',
    'no-other-version': 'Nenhuma outra versão respondeu aqui antes.',
  },
  rolloutReason: {
    'error-rate':
      'Das requisições, {{value}} falharam, {{stable}} na versão estável: com certeza mais do que {{limit}} acima.',
    'latency-p99':
      'O centésimo mais lento levou {{value}} ms, {{stable}} ms na versão estável: com certeza mais do que {{limit}} vezes.',
    'latency-p99-ms': 'O centésimo mais lento levou {{value}} ms: com certeza mais do que {{limit}} ms.',
    predictions:
      'As previsões se distribuem de outro modo: divergência de {{value}}, com certeza mais do que {{limit}}.',
    label:
      'A métrica nas linhas rotuladas é {{value}}, {{stable}} na versão estável: com certeza mais do que {{limit}} pior.',
    better: '{{metric}} da nova versão é melhor: difere em {{value}} ({{low}} a {{high}}).',
    worse: '{{metric}} da nova versão é pior: difere em {{value}} ({{low}} a {{high}}).',
    passed: 'O passo durou {{span}} com {{requests}} requisições da nova versão, e nenhuma condição o interrompeu.',
  },
}
