/** `POST /models/{name}/explain`: what each input contributed to the answer for a row. */
import type { FastifyInstance } from 'fastify'
import { type ExplainBody, type ExplanationAnswer, explainBodySchema } from '#shared/explanations.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { safeParseRequest } from '../kernel/parse-request.ts'
import { explainRows } from '../training/explain.ts'
import type { LiveModel } from './live-model.ts'
import { predictedClass } from './outputs.ts'
import type { RequestRouter } from './rollout/router.ts'

/** Rows that a model may be asked for one explanation request: about a second of a small network. */
const maxAskedRows = 200_000

export function addExplainRoute(app: FastifyInstance, router: RequestRouter): void {
  app.post<{ Params: { name: string } }>('/models/:name/explain', async (request) => {
    const asked = parseBody(request.body)
    const { live } = router.route(request, request.params.name, () => asked.rows)
    return live.use(() => explain(live, asked, request.deadline))
  })
}

/**
 * The explained output is the probability of the positive class (two classes), that of the predicted class (more), or the value.
 * @throws EsteiraError `invalid-request`, `input-invalid`, `model-unusable` where the package holds no background rows
 */
async function explain(
  live: LiveModel,
  { rows, permutations, seed }: ExplainBody,
  deadline: number,
): Promise<ExplanationAnswer> {
  const { background, signature } = live
  if (background === undefined) throw withoutBackground(live)
  const asked = rows.length * permutations * 2 * (signature.inputs.length + 1)
  if (asked > maxAskedRows) throw tooMuch(asked)
  // What is explained is the row that the model saw: with what the feature store filled in.
  const { batch, outputs } = await live.answer(rows, deadline)
  const width = Math.max(1, signature.classes.length)
  const explained = rows.map((_, row) => {
    if (width === 1) return 0
    return width === 2 ? 1 : predictedClass(outputs, row, width)
  })
  const explanations = await explainRows({
    rows: batch,
    background,
    permutations,
    seed,
    predict: async (walked, row) => {
      const all = await live.predictBatch(walked, deadline)
      return Float64Array.from({ length: walked.length }, (_, index) => all[index * width + (explained[row] ?? 0)] ?? 0)
    },
  })
  return {
    model: live.model,
    version: live.version,
    revision: live.revision,
    method: 'sampled-shapley',
    permutations,
    backgroundRows: background.length,
    explanations: explanations.map(({ base, output, contributions }, row) => ({
      ...(signature.classes.length > 0 && { class: signature.classes[explained[row] ?? 0] ?? '' }),
      base,
      output,
      contributions: contributions.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)),
    })),
  }
}

function parseBody(body: unknown): ExplainBody {
  const parsed = safeParseRequest(explainBodySchema, body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new EsteiraError('invalid-request', `The body does not have the expected form: ${issue?.message ?? ''}.`, {
    where: issue?.path.join('.') || 'body',
    allowed: '{"rows": [{"<input>": <value>, …}, …], "permutations": 100, "seed": 0}',
  })
}

function withoutBackground({ model, version }: LiveModel): EsteiraError {
  return new EsteiraError('model-unusable', `Version ${version} of "${model}" cannot be explained.`, {
    where: `${model}/${version}`,
    found: 'a model package without background rows',
    next: 'Train and deploy it again: packages made since hold some training rows to compare with.',
  })
}

function tooMuch(asked: number): EsteiraError {
  return new EsteiraError('invalid-request', 'The explanation asks too much of the model at once.', {
    where: 'rows, permutations',
    found: `${asked} predictions`,
    allowed: `${maxAskedRows}: rows × 2 × permutations × (inputs + 1)`,
    next: 'Explain fewer rows in a request, or with fewer permutations.',
  })
}
