import type { Translation } from '../translation.ts'

export const en = {
  endpoints: {
    title: 'Endpoints',
    emptyTitle: 'No endpoint yet',
    emptyText: 'A run that reaches its deploy step puts a model version behind an endpoint, which answers over HTTP.',
    serves: 'Serves',
    nothing: 'Nothing yet',
    revision: 'Revision',
    revisions: 'Revisions',
    noRevisions: 'Nothing was deployed here yet.',
    current: 'current',
    url: 'Address',
    noUrl: 'The inference server is not running.',
    tryIt: 'Ask for a prediction',
    tryItText: 'Paste this in a terminal. The values are examples from the signature of the model.',
    since: 'Since',
  },
} as const

export const ptBR: Translation<typeof en> = {
  endpoints: {
    title: 'Endpoints',
    emptyTitle: 'Nenhum endpoint ainda',
    emptyText:
      'Uma execução que chega à etapa de deploy põe uma versão de modelo em um endpoint, que responde por HTTP.',
    serves: 'Serve',
    nothing: 'Nada ainda',
    revision: 'Revisão',
    revisions: 'Revisões',
    noRevisions: 'Nada foi implantado aqui ainda.',
    current: 'atual',
    url: 'Endereço',
    noUrl: 'O serviço de inferências não está em execução.',
    tryIt: 'Peça uma previsão',
    tryItText: 'Cole isto em um terminal. Os valores são exemplos da assinatura do modelo.',
    since: 'Desde',
  },
}
