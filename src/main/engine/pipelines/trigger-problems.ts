/** What is wrong with the triggers of a pipeline beyond the form of each. */
import type { FileProblem } from '#shared/errors.ts'
import { nearestName } from '../kernel/errors.ts'
import type { Positions } from '../kernel/yaml-file.ts'
import type { PipelineSpec } from './spec.ts'
import { triggerIdentity } from './trigger-spec.ts'

/** Parameters that the pipeline does not declare, and triggers that are there twice. */
export function triggerProblems(spec: PipelineSpec, positions: Positions): FileProblem[] {
  const declared = Object.keys(spec.parameters)
  const identities = spec.triggers.map(triggerIdentity)
  return spec.triggers.flatMap((trigger, index) => {
    const path = ['triggers', index]
    const unknown = Object.keys(trigger.parameters).filter((name) => !declared.includes(name))
    const isRepeated = identities.indexOf(triggerIdentity(trigger)) < index
    return [
      ...unknown.map((name) => {
        const nearest = nearestName(name, declared)
        return positions.keyProblem([...path, 'parameters', name], {
          message: `The pipeline has no parameter "${name}".`,
          found: name,
          expected: declared.length > 0 ? `one of ${declared.join(', ')}` : 'no parameters',
          ...(nearest !== undefined && { nearest }),
        })
      }),
      ...(isRepeated
        ? [positions.problem(path, { message: 'The same schedule is there twice.', found: trigger.schedule })]
        : []),
    ]
  })
}
