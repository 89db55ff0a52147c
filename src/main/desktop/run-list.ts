import type { RunSummary } from '#shared/runs.ts'

/** More than any menu shows, and enough to know the pipeline of every run under way. */
export const keptRuns = 50

const isUnderWay = ({ status }: RunSummary) => status === 'queued' || status === 'running'

/** The latest runs of the engine, kept true by its events. */
export class RunList {
  #runs: RunSummary[] = []

  /** Takes what the engine lists, newest first. */
  replace(runs: readonly RunSummary[]): void {
    this.#runs = [...runs]
  }

  take(run: RunSummary): void {
    const others = this.#runs.filter(({ id }) => id !== run.id)
    this.#runs = [run, ...others].sort((a, b) => b.createdAt - a.createdAt).slice(0, keptRuns)
  }

  latest(count: number): readonly RunSummary[] {
    return this.#runs.slice(0, count)
  }

  pipelineOf(runId: string): string | undefined {
    return this.#runs.find(({ id }) => id === runId)?.pipeline
  }

  get underWay(): number {
    return this.#runs.filter(isUnderWay).length
  }

  /** 0 to 1: the finished part of all steps of the runs under way; undefined where none is. */
  get progress(): number | undefined {
    const runs = this.#runs.filter(isUnderWay)
    if (runs.length === 0) return undefined
    const total = runs.reduce((sum, { stepsTotal }) => sum + stepsTotal, 0)
    return total === 0 ? 0 : runs.reduce((sum, { stepsDone }) => sum + stepsDone, 0) / total
  }
}
