import type { Translation } from '../translation.ts'

export const en = {
  app: {
    skip: 'Skip to content',
    navigation: 'Main navigation',
    notFoundTitle: 'Nothing is found at this address',
    notFoundText: 'The page may have moved, or the link may be incomplete.',
    crashTitle: 'This page could not be shown',
    crashText: 'An unexpected error happened while the page was drawn. What the engine stores is not affected.',
    reload: 'Reload',
    backToOverview: 'Back to the overview',
  },
  nav: {
    overview: 'Overview',
    pipelines: 'Pipelines',
    runs: 'Runs',
    models: 'Models',
    endpoints: 'Endpoints',
  },
  preferences: {
    open: 'Preferences',
    theme: 'Theme',
    light: 'Light',
    dark: 'Dark',
    auto: 'As the system',
    language: 'Language',
  },
  connection: {
    connected: 'Engine connected',
    connecting: 'Connecting…',
    unreachable: 'Engine not reachable',
    unreachableText:
      'The engine does not answer. What is shown may be out of date. The page tries again on its own and catches up.',
    unreachableNext: 'If it does not come back, start it:',
    retry: 'Try now',
  },
  token: {
    noTokenTitle: 'This page needs a token',
    noTokenText:
      'The engine answers only to those who hold its token. This tab does not have it yet. Open the app from a terminal and the token comes with the address:',
    wrongTitle: 'The token is not valid',
    wrongText:
      'The engine refused the token of this tab. It may belong to another home folder or to an earlier engine. Open the app again from a terminal:',
    paste: 'Or paste the token here',
    pasteHint: 'It is the value of "token" in engine.json, in the home folder.',
    use: 'Use this token',
  },
} as const

export const ptBR: Translation<typeof en> = {
  app: {
    skip: 'Ir para o conteúdo',
    navigation: 'Navegação principal',
    notFoundTitle: 'Nada encontrado neste endereço',
    notFoundText: 'A página pode ter mudado de lugar, ou o link pode estar incompleto.',
    crashTitle: 'Não foi possível mostrar esta página',
    crashText: 'Um erro inesperado aconteceu ao desenhar a página. O que o motor guarda não foi afetado.',
    reload: 'Recarregar',
    backToOverview: 'Voltar à visão geral',
  },
  nav: {
    overview: 'Visão geral',
    pipelines: 'Pipelines',
    runs: 'Execuções',
    models: 'Modelos',
    endpoints: 'Endpoints',
  },
  preferences: {
    open: 'Preferências',
    theme: 'Tema',
    light: 'Claro',
    dark: 'Escuro',
    auto: 'Como no sistema',
    language: 'Idioma',
  },
  connection: {
    connected: 'Motor conectado',
    connecting: 'Conectando…',
    unreachable: 'Motor inacessível',
    unreachableText:
      'O motor não responde. O que é mostrado pode estar desatualizado. A página tenta de novo sozinha e se atualiza.',
    unreachableNext: 'Se ele não voltar, inicie-o:',
    retry: 'Tentar agora',
  },
  token: {
    noTokenTitle: 'Esta página precisa de um token',
    noTokenText:
      'O motor só responde a quem tem o seu token. Esta aba ainda não o tem. Abra o aplicativo por um terminal e o token vem com o endereço:',
    wrongTitle: 'O token não é válido',
    wrongText:
      'O motor recusou o token desta aba. Ele pode ser de outra pasta inicial ou de um motor anterior. Abra o aplicativo de novo por um terminal:',
    paste: 'Ou cole o token aqui',
    pasteHint: 'É o valor de "token" em engine.json, na pasta inicial.',
    use: 'Usar este token',
  },
}
