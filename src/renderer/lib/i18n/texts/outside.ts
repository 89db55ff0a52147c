/** Other machines that ask endpoints. */
import type { Translation } from '../translation.ts'

export const en = {
  outside: {
    closed: 'Closed',
    closedHint: 'Both servers listen on this machine alone.',
    secure: 'Open, encrypted',
    secureHint: 'Applications on other machines may ask endpoints there, with a key. These pages stay on this machine.',
    plain: 'Open, not encrypted',
    plainHint:
      'Keys and rows travel in the open: no certificate is given. Start the engine with one, or keep to a network that nobody else is on.',
    names: 'Names',
    namesHint: 'By which other machines may call this one; requests by any other name are refused.',
    endpoint: 'Endpoint',
    keys: 'Keys that hold',
    required: 'Asks for a key',
    yes: 'yes',
    no: 'no',
    fromOutside: 'From outside',
    answersNow: 'Answers with a key',
    silentNow: 'Answers nobody: it has no key',
    readyFor: 'Ready',
    needsKey: 'Needs a key',
    needsRequiring: 'Must ask for a key',
    noEndpoints: 'There are no endpoints yet.',
    turnOn: 'To let them in',
    turnOff: 'To close it again',
    turnOnReady:
      'Every endpoint asks for a key. Stop the engine (in the desktop: quit the application) and start it with this command; the application attaches to it.',
    turnOnFirst:
      'First let every endpoint ask for a key, on its page under Access: until then the engine does not start so. Then stop the engine (in the desktop: quit the application) and start it with this command; the application attaches to it.',
    turnOnText:
      'The certificate and its key are files in PEM form. Without them it is not encrypted. The name is that by which other machines know this one.',
    turnOffText:
      'Stop the engine and start it without the options that begin with --inference-host. Until then no endpoint can cease to ask for a key.',
    command: 'Command',
  },
} as const

export const ptBR: Translation<typeof en> = {
  outside: {
    closed: 'Fechado',
    closedHint: 'Os dois servidores escutam somente nesta máquina.',
    secure: 'Aberto, cifrado',
    secureHint:
      'Aplicações de outras máquinas podem consultar endpoints ali, com uma chave. Estas páginas continuam somente nesta máquina.',
    plain: 'Aberto, sem cifra',
    plainHint:
      'Chaves e linhas trafegam abertas: nenhum certificado foi dado. Inicie o motor com um, ou use uma rede em que não haja mais ninguém.',
    names: 'Nomes',
    namesHint: 'Pelos quais outras máquinas podem chamar esta; requisições por qualquer outro nome são recusadas.',
    endpoint: 'Endpoint',
    keys: 'Chaves válidas',
    required: 'Exige chave',
    yes: 'sim',
    no: 'não',
    fromOutside: 'De fora',
    answersNow: 'Responde com uma chave',
    silentNow: 'Não responde a ninguém: não tem chave',
    readyFor: 'Pronto',
    needsKey: 'Precisa de uma chave',
    needsRequiring: 'Precisa exigir chave',
    noEndpoints: 'Ainda não há endpoints.',
    turnOn: 'Para deixá-las entrar',
    turnOff: 'Para fechar de novo',
    turnOnReady:
      'Todo endpoint exige chave. Pare o motor (no desktop: encerre o aplicativo) e inicie-o com este comando; o aplicativo se conecta a ele.',
    turnOnFirst:
      'Primeiro faça todo endpoint exigir chave, na página dele, em Acesso: até então o motor não inicia assim. Depois pare o motor (no desktop: encerre o aplicativo) e inicie-o com este comando; o aplicativo se conecta a ele.',
    turnOnText:
      'O certificado e sua chave são arquivos no formato PEM. Sem eles não há cifra. O nome é aquele pelo qual outras máquinas conhecem esta.',
    turnOffText:
      'Pare o motor e inicie-o sem as opções que começam com --inference-host. Até então nenhum endpoint pode deixar de exigir chave.',
    command: 'Comando',
  },
}
