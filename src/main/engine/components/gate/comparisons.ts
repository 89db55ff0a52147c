/** Measures the candidate beside champion, baseline and rule. */
import { EsteiraError } from '../../kernel/errors.ts'
import type { ResolvedModel } from '../../pipelines/component.ts'
import { type Answers, metricsOfAnswers } from '../../training/gate/answers.ts'
import { pairedIntervals } from '../../training/gate/bootstrap.ts'
import type { ComparedWith } from '../../training/gate/comparison-check.ts'
import { answersOfRule, answersOfVersion, bestConstant } from './competitors.ts'
import type { GateContext, JudgedRows } from './rows.ts'

/** Answers on the judged rows, or why there are none; undefined where there is no such version yet. */
export interface Competitor {
  readonly name: string
  readonly version?: ComparedWith['version']
  readonly files?: ReadonlyMap<string, string>
  readonly answers?: Answers | undefined
  readonly problem?: string | undefined
}

/** A registered version on the rows. */
export async function versionCompetitor(context: GateContext, name: string, judged: JudgedRows): Promise<Competitor> {
  const resolved = await context.services.resolveModel(name)
  if (resolved === undefined) return { name }
  const version = { ...identity(name, resolved), number: resolved.version.version }
  context.progress(0.2, `scoring ${name} (version ${version.number}) on the same rows`)
  return { name, version, files: resolved.files, ...(await tryAnswers(context, resolved.files, judged)) }
}

/** A version that cannot read today's data loses its say, but must not end the run: a person decides. */
export async function tryAnswers(
  context: GateContext,
  files: ReadonlyMap<string, string>,
  judged: JudgedRows,
): Promise<Pick<Competitor, 'answers' | 'problem'>> {
  try {
    return { answers: await answersOfVersion(context, files, judged) }
  } catch (error) {
    if (!(error instanceof EsteiraError) || error.code === 'cancelled') throw error
    return { problem: error.message }
  }
}

function identity(reference: string, { version }: ResolvedModel): { model: string; alias: string } {
  const [, alias = `version ${version.version}`] = reference.split('@')
  return { model: version.model, alias }
}

/** One competitor, and what is asked of the candidate against it. */
export interface Contest {
  readonly with: ComparedWith['with']
  readonly competitor: Competitor
  readonly minImprovement: number
}

/** The candidate beside each competitor on the same draws, with the interval where both answered. */
export async function measured(
  { options, seed, signal }: GateContext,
  judged: JudgedRows,
  { metric, span, newest }: Pick<ComparedWith, 'metric' | 'span' | 'newest'>,
  contests: readonly Contest[],
): Promise<ComparedWith[]> {
  const { actual, candidate, task } = judged
  const { resamples, confidence, require } = options
  const answering = contests.flatMap(({ competitor }) => competitor.answers ?? [])
  const intervals = await pairedIntervals(
    { metric, actual, candidate, others: answering },
    { resamples, confidence, seed, signal },
  )
  const metricsOf = (answers: Answers) => metricsOfAnswers(task, actual, answers)
  const mine = metricsOf(candidate)
  return contests.map(({ with: kind, competitor: { name, version, answers, problem }, minImprovement }) => ({
    with: kind,
    name,
    version,
    span,
    newest,
    rows: actual.length,
    metric,
    candidate: mine,
    other: answers && metricsOf(answers),
    problem,
    interval: answers && intervals[answering.indexOf(answers)],
    minImprovement,
    require,
  }))
}

/** What the candidate must beat whatever the champion is: a constant or another version, and what a rule would say. */
export async function fixedContests(context: GateContext, metric: string, judged: JudgedRows): Promise<Contest[]> {
  const { baseline, rule } = context.options
  const contests: Contest[] = []
  if (baseline !== undefined) {
    const competitor =
      baseline === 'dummy'
        ? { name: baseline, answers: bestConstant(judged, metric) }
        : await versionCompetitor(context, baseline, judged)
    contests.push({ with: 'baseline', competitor, minImprovement: 0 })
  }
  if (rule !== undefined) {
    context.progress(0.4, 'scoring the rule on the same rows')
    const competitor = { name: rule, answers: await answersOfRule(context, rule, judged) }
    contests.push({ with: 'rule', competitor, minImprovement: 0 })
  }
  return contests
}
