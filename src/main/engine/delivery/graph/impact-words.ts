/** Why things would be stale, in English: for the CLI and the API. */
import type { Approximation, StaleReason } from '#shared/lineage.ts'

export function staleReasonText(why: StaleReason): string {
  switch (why.kind) {
    case 'is-the-view':
      return 'It is this feature view.'
    case 'is-its-file':
      return 'It is its file.'
    case 'file-read':
      return `The step "${why.step}" of its run read the file.`
    case 'options-name-file':
      return `The options of its step "${why.step}" name the file.`
    case 'sql-reads':
      return `Its SQL reads "${why.dataset}".`
    case 'sql-mentions':
      return `Its SQL reads "${why.dataset}" and mentions "${why.column}".`
    case 'sql-takes-all':
      return `Its SQL takes all columns of "${why.dataset}".`
    case 'step-reads-view':
      return `Its step "${why.step}" reads "${why.view}".`
    case 'run-took-view':
      return `Its run took features of "${why.view}".`
    case 'step-reads-dataset':
      return `Its step "${why.step}" reads the dataset.`
    case 'option-names-column':
      return `The option "${why.option}" of the step "${why.step}" names the column.`
    case 'step-reads-computed':
      return `Its step "${why.step}" reads columns that the dataset computes, perhaps from it.`
    case 'step-reads-all':
      return `Its step "${why.step}" reads the column with the others.`
    case 'made-from':
      return `It was made from "${why.dataset}", read by the step "${why.step}" of its run.`
    case 'is-input':
      return 'The column is an input of the model.'
    case 'is-target':
      return 'The column is what the model predicts.'
    case 'learned-computed':
      return 'The dataset computes columns with it, and the model learned from those.'
    case 'answers':
      return `Version ${why.version} of ${why.model} answers there.`
  }
}

export function approximationText(approximation: Approximation): string {
  switch (approximation.kind) {
    case 'sql-names':
      return 'SQL is searched for names, not parsed: a name that means something else counts as well.'
    case 'computed-columns': {
      const { dataset, column } = approximation
      return `The query of the dataset "${dataset}" mentions "${column}": each column that it computes may depend on it.`
    }
    case 'rows-alone':
      return 'Versions whose model neither reads nor predicts the column are left out, though their rows hold it.'
  }
}
