/** New pipeline files. Pure. */
import { nameSchema } from '#shared/names.ts'

export type NameProblem = 'nameMissing' | 'nameForm' | 'nameTaken'

/** What is wrong with the name of a new pipeline. Names that differ in case alone would be one file on many systems. */
export function problemOfName(name: string, taken: readonly string[]): NameProblem | undefined {
  if (name === '') return 'nameMissing'
  if (!nameSchema.safeParse(name).success) return 'nameForm'
  const same = (other: string) => other.toLowerCase() === name.toLowerCase()
  return taken.some(same) ? 'nameTaken' : undefined
}

export const pathOfPipeline = (name: string) => `pipelines/${name}.yaml`

export function emptyPipeline(name: string): string {
  return `name: ${name}\nsteps: {}\n`
}

/** The text of another pipeline under a new name; all else stays as it is. */
export function copyOfPipeline(text: string, name: string): string {
  const line = /^(name:[ \t]*)(?:"[^"\n]*"|'[^'\n]*'|[^\s#]+)/mu
  return line.test(text) ? text.replace(line, (_, key: string) => `${key}${name}`) : `name: ${name}\n${text}`
}
