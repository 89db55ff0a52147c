import type { Translation } from '../translation.ts'

export const en = {
  overview: {
    welcomeTitle: 'From data to a served model, in one pipeline',
    welcomeText:
      'Esteira runs pipelines that check data, train a model, compare it with the one in production and put the better one behind an endpoint. Everything stays on this machine.',
    stepProject: 'Open a project',
    stepProjectText: 'A folder with an esteira.yaml. The sample holds real flight records.',
    stepRun: 'Run its pipeline',
    stepRunText: 'Each step is watched live, cached, and can be retried.',
    stepModel: 'See the version',
    stepModelText: 'Metrics on held-out rows, and why the gate accepted or rejected it.',
    stepEndpoint: 'Ask for predictions',
    stepEndpointText: 'The accepted version answers over HTTP at its endpoint.',
    serving: 'Serving now',
    noServing: 'Nothing serves yet. A run that reaches its deploy step makes an endpoint.',
    latestRuns: 'Latest runs',
    noRuns: 'No run yet. Start a pipeline of a project.',
    versions: 'Registered models',
    noVersions: 'No model yet. A run that reaches its register step makes the first version.',
  },
} as const

export const ptBR: Translation<typeof en> = {
  overview: {
    welcomeTitle: 'Dos dados ao modelo em produção, em um só pipeline',
    welcomeText:
      'A Esteira executa pipelines que validam os dados, treinam um modelo, comparam-no com o que está em produção e fazem o deploy do melhor em um endpoint. Tudo fica nesta máquina.',
    stepProject: 'Abra um projeto',
    stepProjectText: 'Uma pasta com um esteira.yaml. O exemplo traz registros reais de voos.',
    stepRun: 'Execute o pipeline',
    stepRunText: 'Cada etapa é vista ao vivo, guardada em cache e pode ser repetida.',
    stepModel: 'Veja a versão',
    stepModelText: 'Métricas em linhas de teste, e por que a validação a aprovou ou rejeitou.',
    stepEndpoint: 'Peça previsões',
    stepEndpointText: 'A versão aprovada responde por HTTP no seu endpoint.',
    serving: 'Em produção agora',
    noServing: 'Nada em produção ainda. Uma execução que chega à etapa de deploy cria um endpoint.',
    latestRuns: 'Últimas execuções',
    noRuns: 'Nenhuma execução ainda. Inicie um pipeline de um projeto.',
    versions: 'Modelos registrados',
    noVersions: 'Nenhum modelo ainda. Uma execução que chega à etapa de registro cria a primeira versão.',
  },
}
