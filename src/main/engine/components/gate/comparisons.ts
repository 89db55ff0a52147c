/** Measures the candidate beside champion, baseline and rule. */
import type { Interval } from '#shared/gate.ts'
import { EsteiraError } from '../../kernel/errors.ts'
import type { ResolvedModel } from '../../pipelines/component.ts'
import { type Answers, metricsOfAnswers } from '../../training/gate/answers.ts'
import { pairedInterval } from '../../training/gate/bootstrap.ts'
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

/** The candidate beside one competitor, with the interval where both answered. */
export async function measured(
  context: GateContext,
  competitor: Competitor,
  judged: JudgedRows,
  about: Pick<ComparedWith, 'with' | 'metric' | 'minImprovement' | 'span'>,
): Promise<ComparedWith> {
  const { name, version, answers, problem } = competitor
  const metrics = (of: Answers) => metricsOfAnswers(judged.task, judged.actual, of)
  return {
    ...about,
    name,
    version,
    rows: judged.actual.length,
    candidate: metrics(judged.candidate),
    other: answers && metrics(answers),
    problem,
    interval: answers && (await intervalOf(context, about.metric, judged, answers)),
    require: context.options.require,
  }
}

function intervalOf(
  { options, seed, signal }: GateContext,
  metric: string,
  { actual, candidate }: JudgedRows,
  other: Answers,
): Promise<Interval | undefined> {
  const { resamples, confidence } = options
  return pairedInterval({ metric, actual, candidate, other }, { resamples, confidence, seed, signal })
}

/** What the candidate must beat whatever the champion is: a constant or another version, and what a rule would say. */
export async function fixedCompetitors(
  context: GateContext,
  metric: string,
  judged: JudgedRows,
): Promise<ComparedWith[]> {
  const { baseline, rule } = context.options
  const compared: ComparedWith[] = []
  const about = { metric, minImprovement: 0, span: null }
  if (baseline !== undefined) {
    const competitor =
      baseline === 'dummy'
        ? { name: baseline, answers: bestConstant(judged, metric) }
        : await versionCompetitor(context, baseline, judged)
    compared.push(await measured(context, competitor, judged, { ...about, with: 'baseline' }))
  }
  if (rule !== undefined) {
    context.progress(0.4, 'scoring the rule on the same rows')
    const competitor = { name: rule, answers: await answersOfRule(context, rule, judged) }
    compared.push(await measured(context, competitor, judged, { ...about, with: 'rule' }))
  }
  return compared
}
