/** `${{ params.name }}` inside option values. */
import type { Json, Parameters } from '#shared/runs.ts'
import { ExpressionError, evaluateExpression, namesIn, parseExpression } from './expression.ts'

const placeholder = /\$\{\{(.*?)\}\}/gs

/** A mistake in a placeholder, at the path of the option value that holds it. */
export interface TemplateProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
  /** The parameter that is not declared, if that is what is wrong. */
  readonly unknownParameter?: string
}

export interface Filled {
  readonly value: Json
  readonly problems: readonly TemplateProblem[]
}

/** Fills every placeholder in a value. A text that is one placeholder takes the parameter's own type; otherwise its text. */
export function fillTemplate(value: Json, parameters: Parameters): Filled {
  const problems: TemplateProblem[] = []
  const scope: Json = { params: parameters }

  function evaluate(source: string, path: readonly (string | number)[]): Json {
    try {
      const expression = parseExpression(source)
      for (const name of namesIn(expression)) {
        const [root, parameter = ''] = name
        if (root !== 'params')
          problems.push({ path, message: `"${name.join('.')}" is not known; only params.name is.` })
        else if (!Object.hasOwn(parameters, parameter)) {
          problems.push({ path, message: `The parameter "${parameter}" is not declared.`, unknownParameter: parameter })
        }
      }
      return evaluateExpression(expression, scope)
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      problems.push({ path, message: `The expression "${source.trim()}" cannot be read: ${error.message}.` })
      return null
    }
  }

  function fill(part: Json, path: readonly (string | number)[]): Json {
    if (typeof part === 'string') return fillText(part, path)
    if (Array.isArray(part)) return part.map((item, index) => fill(item, [...path, index]))
    if (part !== null && typeof part === 'object') {
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, fill(item, [...path, key])]))
    }
    return part
  }

  function fillText(text: string, path: readonly (string | number)[]): Json {
    const matches = [...text.matchAll(placeholder)]
    const only = matches[0]
    if (matches.length === 1 && only?.[0] === text.trim()) return evaluate(only[1] ?? '', path)
    return text.replaceAll(placeholder, (_, source: string) => asText(evaluate(source, path)))
  }

  return { value: fill(value, []), problems }
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
