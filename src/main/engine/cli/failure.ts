/** What a person or a program at the command line is told when something fails. */
import { CommanderError } from 'commander'
import { ApiError } from '#shared/client.ts'
import { errorCatalogue, type Problem } from '#shared/errors.ts'
import {
  describeFileProblem,
  describeProblem,
  EsteiraError,
  fromProblem,
  nearestName,
  toProblem,
} from '../kernel/errors.ts'

const usageNext = 'Add --help to see how the command is used.'

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem
  return toProblem(error instanceof CommanderError ? usageError(error) : error)
}

function usageError(error: CommanderError): EsteiraError {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n')
  const nearest = /Did you mean (?:one of )?([^?,]+)/.exec(suggestion ?? '')?.[1]
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}`.replace(/\.*$/, '.')
  return new EsteiraError('invalid-usage', sentence, { ...(nearest !== undefined && { nearest }), next: usageNext })
}

export function unknownCommand(name: string, known: readonly string[]): EsteiraError {
  const nearest = nearestName(name, known)
  return new EsteiraError('invalid-usage', `There is no command "${name}".`, {
    ...(nearest !== undefined && { nearest }),
    next: usageNext,
  })
}

/** The problem in one line, and each problem of a file on a line of its own. */
export function describeFailure(problem: Problem): string {
  const files = (problem.problems ?? []).map((fileProblem) => `  ${describeFileProblem(fileProblem)}`)
  return [describeProblem(problem), ...files].join('\n')
}

export function exitCodeOf(problem: Problem): number {
  return errorCatalogue[fromProblem(problem).code].exit
}
