/** What the thread of the request log can be asked. Structured clones: no functions. */
import type { SqlAnswer } from '#shared/data.ts'
import type { Page } from '#shared/names.ts'
import type { FeedbackAnswer, Performance, RequestDetails, RequestSummary, Score } from '#shared/requests.ts'
import type { Question } from '../../kernel/asked-thread.ts'
import type { LogSize, TidyRequest } from './compaction.ts'
import type { ImportRequest } from './import-labels.ts'
import type { DetailsQuestion, PageQuestion } from './page.ts'
import type { PerformanceQuestion, ScoreQuestion } from './scoring.ts'
import type { LogSqlQuestion } from './sql.ts'

export interface RequestTasks {
  page: { input: PageQuestion; output: Page<RequestSummary> }
  details: { input: DetailsQuestion; output: RequestDetails }
  sql: { input: LogSqlQuestion; output: SqlAnswer }
  score: { input: ScoreQuestion; output: Score }
  performance: { input: PerformanceQuestion; output: Performance }
  importLabels: { input: ImportRequest; output: FeedbackAnswer }
  size: { input: { readonly endpoint: string }; output: LogSize }
  /** Compacts, and removes what is not kept. */
  tidy: { input: TidyRequest; output: LogSize }
}

export type RequestQuestion = Question<RequestTasks>
