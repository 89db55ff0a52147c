/**
 * The one catalogue of problems. A code, once published, is never reused for another meaning.
 *
 * `status` is the HTTP status; `exit` the CLI's exit code: 2 where the person's input or project is at fault, 1 otherwise.
 */
import { z } from 'zod'

interface CatalogueEntry {
  readonly status: number
  readonly exit: 1 | 2
  /** RFC 9457 title: the same for every occurrence. */
  readonly title: string
}

export const errorCatalogue = {
  // Requests
  'invalid-request': { status: 400, exit: 2, title: 'The request does not have the expected form' },
  'malformed-json': { status: 400, exit: 2, title: 'The request body is not JSON' },
  'unsupported-media-type': { status: 415, exit: 1, title: 'The content type is not supported' },
  'body-too-large': { status: 413, exit: 2, title: 'The request body is larger than the limit' },
  unauthorized: { status: 401, exit: 1, title: 'A valid token is required' },
  'forbidden-host': { status: 403, exit: 1, title: 'The Host header does not name this server' },
  'forbidden-origin': { status: 403, exit: 1, title: 'The Origin is not allowed' },
  'not-found': { status: 404, exit: 2, title: 'Nothing is found at this address' },
  'request-timeout': { status: 408, exit: 1, title: 'The request did not arrive in time' },
  'headers-too-large': { status: 431, exit: 2, title: 'The headers of the request are larger than the limit' },
  'malformed-http': { status: 400, exit: 2, title: 'The request is not valid HTTP' },
  'method-not-allowed': { status: 405, exit: 1, title: 'This address does not take the method' },
  conflict: { status: 409, exit: 1, title: 'The request conflicts with the current state' },
  'invalid-usage': { status: 400, exit: 2, title: 'The command is not used as expected' },
  // Home and engine
  'home-newer-version': { status: 409, exit: 1, title: 'The home was written by a newer version of Esteira' },
  'home-in-use': { status: 409, exit: 1, title: 'Another engine already serves this home' },
  'home-unusable': { status: 500, exit: 1, title: 'The home folder cannot be used' },
  'port-in-use': { status: 409, exit: 1, title: 'A port is already in use' },
  'engine-unreachable': { status: 503, exit: 1, title: 'The engine does not answer' },
  'disk-full': { status: 507, exit: 1, title: 'The disk is full' },
  'artifact-corrupt': { status: 500, exit: 1, title: 'A stored artifact does not match its hash' },
  'artifact-not-found': { status: 404, exit: 2, title: 'The artifact is not in the store' },
  // Projects and files
  'project-not-found': { status: 404, exit: 2, title: 'The project is not found' },
  'project-invalid': { status: 422, exit: 2, title: 'The project has errors' },
  'project-exists': { status: 409, exit: 2, title: 'The folder already holds a project' },
  'project-not-trusted': { status: 403, exit: 2, title: 'The project folder is not trusted to run code' },
  'path-outside-project': { status: 422, exit: 2, title: 'A path leaves the project folder' },
  'git-missing': { status: 503, exit: 1, title: 'Git is not installed' },
  'git-failed': { status: 409, exit: 1, title: 'Git did not carry the change out' },
  // Data
  'dataset-not-found': { status: 404, exit: 2, title: 'The dataset is not found' },
  'dataset-unreadable': { status: 422, exit: 2, title: 'The dataset cannot be read' },
  'dataset-empty': { status: 422, exit: 2, title: 'The dataset has no rows' },
  'column-not-found': { status: 422, exit: 2, title: 'The column is not in the data' },
  'query-failed': { status: 422, exit: 2, title: 'The SQL cannot be run' },
  'schema-invalid': { status: 422, exit: 2, title: 'The schema has errors' },
  'data-invalid': { status: 422, exit: 1, title: 'The data does not match its schema' },
  'target-unusable': { status: 422, exit: 2, title: 'The target column cannot be learned' },
  // Features
  'feature-view-not-found': { status: 404, exit: 2, title: 'The feature view is not found' },
  'feature-view-invalid': { status: 422, exit: 2, title: 'The feature view has errors' },
  'features-differ': { status: 422, exit: 1, title: 'What was served differs from the offline features' },
  // Pipelines and runs
  'pipeline-not-found': { status: 404, exit: 2, title: 'The pipeline is not found' },
  'pipeline-invalid': { status: 422, exit: 2, title: 'The pipeline has errors' },
  'component-not-found': { status: 422, exit: 2, title: 'The component is not found' },
  'parameter-invalid': { status: 422, exit: 2, title: 'A parameter is not valid' },
  'run-not-found': { status: 404, exit: 2, title: 'The run is not found' },
  'run-finished': { status: 409, exit: 1, title: 'The run has already ended' },
  'step-timeout': { status: 500, exit: 1, title: 'The step passed its time limit' },
  'step-crashed': { status: 500, exit: 1, title: 'The step ended unexpectedly' },
  'script-failed': { status: 500, exit: 1, title: 'The script ended with an error' },
  'training-failed': { status: 500, exit: 1, title: 'The training did not produce a usable model' },
  cancelled: { status: 409, exit: 1, title: 'The work was cancelled' },
  'trigger-not-found': { status: 404, exit: 2, title: 'The trigger is not found' },
  // Registry and serving
  'model-not-found': { status: 404, exit: 2, title: 'The model is not found' },
  'model-version-not-found': { status: 404, exit: 2, title: 'The model version is not found' },
  'model-owned-elsewhere': { status: 409, exit: 2, title: 'The model name belongs to another project' },
  'alias-reserved': { status: 409, exit: 2, title: 'The alias cannot be changed in this way' },
  'approval-not-found': { status: 404, exit: 2, title: 'The approval is not found' },
  'approval-decided': { status: 409, exit: 2, title: 'The approval is no longer open' },
  'model-unusable': { status: 422, exit: 1, title: 'The model package cannot be used' },
  'endpoint-not-found': { status: 404, exit: 2, title: 'The endpoint is not found' },
  'endpoint-owned-elsewhere': { status: 409, exit: 2, title: 'The endpoint name belongs to another project' },
  'revision-not-found': { status: 404, exit: 2, title: 'The revision is not found' },
  'rollout-not-found': { status: 404, exit: 2, title: 'The rollout is not found' },
  'rollout-refused': { status: 409, exit: 2, title: 'The rollout is not possible as it was asked for' },
  'rollout-under-way': { status: 409, exit: 2, title: 'A rollout is under way at the endpoint' },
  'infrastructure-check-failed': { status: 422, exit: 1, title: 'The version does not pass the infrastructure check' },
  'endpoint-not-ready': { status: 503, exit: 1, title: 'The endpoint has no revision ready' },
  'input-invalid': { status: 422, exit: 2, title: 'The input does not match the signature of the model' },
  'deadline-passed': { status: 504, exit: 1, title: 'The request was not answered within its time limit' },
  'model-failed': { status: 500, exit: 1, title: 'The model gives no usable answer' },
  overloaded: { status: 429, exit: 1, title: 'Too many requests are waiting' },
  // Monitoring
  'monitor-not-found': { status: 404, exit: 2, title: 'The monitor is not found' },
  'alert-not-found': { status: 404, exit: 2, title: 'The alert is not found' },
  'webhook-not-found': { status: 404, exit: 2, title: 'The webhook is not found' },
  'monitor-invalid': { status: 422, exit: 2, title: 'The monitor has errors' },
  'reading-not-found': { status: 404, exit: 2, title: 'The reading is not found' },
  // Ours
  internal: { status: 500, exit: 1, title: 'An internal error happened' },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof errorCatalogue

/** False for a code of another version. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code)
}

/** One thing wrong in a file a person wrote. Lines and columns count from 1. */
export const fileProblemSchema = z.object({
  file: z.string(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  /** Where in the document, e.g. `steps.train.with.epochs`. */
  path: z.string().optional(),
  message: z.string(),
  found: z.string().optional(),
  expected: z.string().optional(),
  nearest: z.string().optional(),
})
export type FileProblem = z.infer<typeof fileProblemSchema>

/** RFC 9457 problem details, with what Esteira adds. Every text is bounded in size. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  /** What happened, in one or two neutral sentences. */
  detail: z.string(),
  /** Where: a file and line, a step, a field. */
  where: z.string().optional(),
  found: z.string().optional(),
  allowed: z.string().optional(),
  nearest: z.string().optional(),
  /** What to do next. */
  next: z.string().optional(),
  problems: z.array(fileProblemSchema).optional(),
})
export type Problem = z.infer<typeof problemSchema>
