/** Why a column of a new project is left out. */
import type { Translation } from '../translation.ts'

export const en = {
  columnReason: {
    'always-missing': 'it is always missing',
    constant: 'it has the same value in every row',
    'unusable-type': 'values of type {{type}} cannot be features',
    'generated-identifiers': 'its values are generated identifiers',
    'own-values': 'it is an identifier or a name: almost every row has its own value',
    identifier: 'it is an identifier',
    'free-text': 'it is free text',
    'rare-values': 'most of its values occur only once',
    'row-numbers': 'it only numbers the rows',
    'by-choice': 'left out by choice',
    leak: 'it gives the target away: {{leak}}',
    'possible-leak': 'it may give the target away: {{leak}}',
  },
  columnLeak: {
    'one-value': 'each of its values goes with one value of the target',
    'one-class': 'each of its values goes with one class of the target',
    absence: 'whether it is missing tells the class of the target',
    correlation: 'its correlation with the target is {{value}}',
    'rank-correlation': 'its rank correlation with the target is {{value}}',
    ranking: 'it alone ranks the classes of the target without fault (AUC {{value}})',
  },
} as const

export const ptBR: Translation<typeof en> = {
  columnReason: {
    'always-missing': 'está sempre ausente',
    constant: 'tem o mesmo valor em todas as linhas',
    'unusable-type': 'valores do tipo {{type}} não podem ser atributos',
    'generated-identifiers': 'seus valores são identificadores gerados',
    'own-values': 'é um identificador ou um nome: quase toda linha tem seu próprio valor',
    identifier: 'é um identificador',
    'free-text': 'é texto livre',
    'rare-values': 'a maioria de seus valores ocorre uma só vez',
    'row-numbers': 'apenas numera as linhas',
    'by-choice': 'deixada de fora por escolha',
    leak: 'entrega o alvo: {{leak}}',
    'possible-leak': 'talvez entregue o alvo: {{leak}}',
  },
  columnLeak: {
    'one-value': 'cada um de seus valores acompanha um só valor do alvo',
    'one-class': 'cada um de seus valores acompanha uma só classe do alvo',
    absence: 'estar ausente ou não já diz a classe do alvo',
    correlation: 'sua correlação com o alvo é {{value}}',
    'rank-correlation': 'sua correlação de postos com o alvo é {{value}}',
    ranking: 'sozinha, ordena as classes do alvo sem erro (AUC {{value}})',
  },
}
