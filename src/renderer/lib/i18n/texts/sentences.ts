/** Sentences that the engine stores as texts. The English ones are its own. */
import { sentences } from '#shared/sentences.ts'
import type { Translation } from '../translation.ts'

export const en = { sentence: sentences } as const

export const ptBR: Translation<typeof en> = {
  sentence: {
    'condition-false': 'A condição não vale: {when}',
    'step-failed': 'A etapa "{step}" falhou.',
    'step-cancelled': 'A etapa "{step}" foi cancelada.',
    'step-skipped-because': 'A etapa "{step}" foi pulada: {more}',
    'step-skipped': 'A etapa "{step}" foi pulada.',
    'waits-for-person': 'A versão {version} de {model} espera uma pessoa.',
    // What the gate said stands at the gate.
    'not-promoted': 'A versão {version} de {model} não foi promovida.',
    'no-version': 'Ainda não há versão de modelo "{reference}".',
    'nothing-to-compare': 'Ainda não há {reference} com que comparar.',
    'nothing-served': 'Nada foi servido do armazenamento de atributos ainda.',
    'not-under-git': 'O projeto não estava sob git: seus arquivos são os de hoje, comparados por seus hashes.',
    'changes-not-kept': 'O que diferia do commit não foi guardado.',
    'change-too-large': 'A mudança de {path} não foi guardada: é grande demais.',
    'change-secret': 'A mudança de {path} não foi guardada: pode conter segredos.',
    'training-data-of-step': 'dados de treino da etapa "{step}"',
    'data-of-step': 'dados da etapa "{step}"',
    'training-data-of': 'dados de treino de {version}',
    'importance-of-step': '{metric} perdida ao embaralhar uma entrada, da etapa "{step}"',
    'importance-of': '{metric} perdida ao embaralhar uma entrada, de {version}',
  },
}
