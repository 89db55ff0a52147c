/** What the thread that looks into feature views can be asked. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { Problem } from '#shared/errors.ts'
import { type FeatureColumn, type FeatureData, featureViewSchema } from '#shared/features.ts'
import { datasetSpecSchema } from '#shared/projects.ts'
import { asEsteiraError, EsteiraError, fromProblem } from '../kernel/errors.ts'

const project = z.object({ path: z.string(), datasets: z.record(z.string(), datasetSpecSchema) })
const scratchPath = z.string()

export const featureQuestionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('columns'), project, scratchPath, views: z.array(featureViewSchema) }),
  z.object({
    kind: z.literal('check'),
    project,
    scratchPath,
    text: z.string(),
    file: z.string(),
    now: z.number(),
  }),
])
type Question = z.infer<typeof featureQuestionSchema>

/** The columns of a view, or why they cannot be told. */
export interface DescribedView {
  readonly columns: FeatureColumn[]
  readonly problem: Problem | null
}

export type FeatureAnswer =
  | { readonly kind: 'columns'; readonly views: DescribedView[] }
  | { readonly kind: 'data'; readonly data: FeatureData }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** In the order of the views. */
export async function describeViews(
  question: Omit<Extract<Question, { kind: 'columns' }>, 'kind' | 'scratchPath'>,
  scratchRoot: string,
  signal?: AbortSignal,
): Promise<DescribedView[]> {
  const answer = await ask((path) => ({ ...question, kind: 'columns', scratchPath: path }), scratchRoot, signal)
  return answer.kind === 'columns' ? answer.views : unexpected(answer)
}

/** @throws EsteiraError where the work itself cannot be done; what is wrong with the view is in the answer */
export async function checkView(
  question: Omit<Extract<Question, { kind: 'check' }>, 'kind' | 'scratchPath'>,
  scratchRoot: string,
  signal?: AbortSignal,
): Promise<FeatureData> {
  const answer = await ask((path) => ({ ...question, kind: 'check', scratchPath: path }), scratchRoot, signal)
  return answer.kind === 'data' ? answer.data : unexpected(answer)
}

async function ask(
  question: (scratchPath: string) => Question,
  scratchRoot: string,
  signal: AbortSignal | undefined,
): Promise<FeatureAnswer> {
  await mkdir(scratchRoot, { recursive: true })
  const scratch = await mkdtemp(join(scratchRoot, 'features-'))
  try {
    return await inThread(question(scratch), signal)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** The thread is never ended from outside: in the middle of a call of DuckDB that takes the whole process with it. */
function inThread(question: Question, signal: AbortSignal | undefined): Promise<FeatureAnswer> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./feature-thread.ts', import.meta.url), { workerData: question })
    const onAbort = () => {
      worker.postMessage('cancel')
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    worker.on('message', (answer: FeatureAnswer) => {
      if (answer.kind === 'problem') reject(fromProblem(answer.problem))
      else resolve(answer)
    })
    worker.on('error', (error) => reject(asEsteiraError(error)))
    worker.on('exit', () => {
      signal?.removeEventListener('abort', onAbort)
      reject(new EsteiraError('internal', 'The look at the feature view ended without an answer.'))
    })
  })
}

function unexpected(answer: FeatureAnswer): never {
  throw new Error(`The thread answered another question: ${answer.kind}.`)
}
