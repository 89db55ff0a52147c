/** Why columns are left out, in English: for the CLI and the comments of pipeline files. */
import type { ColumnReason, Leak } from '#shared/column-reasons.ts'

export function columnReasonText(reason: ColumnReason): string {
  switch (reason.kind) {
    case 'always-missing':
      return 'it is always missing'
    case 'constant':
      return 'it has the same value in every row'
    case 'unusable-type':
      return `values of type ${reason.type} cannot be features`
    case 'generated-identifiers':
      return 'its values are generated identifiers'
    case 'own-values':
      return 'it is an identifier or a name: almost every row has its own value'
    case 'identifier':
      return 'it is an identifier'
    case 'free-text':
      return 'it is free text'
    case 'rare-values':
      return 'most of its values occur only once'
    case 'row-numbers':
      return 'it only numbers the rows'
    case 'by-choice':
      return 'left out by choice'
    case 'leak':
      return `it gives the target away: ${leakText(reason.leak)}`
    case 'possible-leak':
      return `it may give the target away: ${leakText(reason.leak)}`
  }
}

function leakText(leak: Leak): string {
  switch (leak.kind) {
    case 'one-value':
      return 'each of its values goes with one value of the target'
    case 'one-class':
      return 'each of its values goes with one class of the target'
    case 'absence':
      return 'whether it is missing tells the class of the target'
    case 'correlation':
      return `its correlation with the target is ${leak.value.toFixed(5)}`
    case 'rank-correlation':
      return `its rank correlation with the target is ${leak.value.toFixed(5)}`
    case 'ranking':
      return `it alone ranks the classes of the target without fault (AUC ${leak.value.toFixed(4)})`
  }
}
