/** The progress of a run on a terminal: a line for each step that ends, and one live line for those under way. */
import { styleText } from 'node:util'
import type { LogLine, Run, StepExecution, StepStatus } from '#shared/runs.ts'
import { describeFailure } from './failure.ts'
import { formatMetrics, formatSeconds, secondsBetween } from './output.ts'
import type { RegisteredVersion } from './run-answer.ts'

const refreshMs = 250
/** Of a terminal that does not say how wide it is. */
const defaultColumns = 80
/** Without a terminal, how often the progress of a long step is told. */
const quietProgressMs = 10_000

const marks: Readonly<Partial<Record<StepStatus, { mark: string; style: 'green' | 'red' | 'dim' | 'yellow' }>>> = {
  succeeded: { mark: '✓', style: 'green' },
  failed: { mark: '✗', style: 'red' },
  skipped: { mark: '-', style: 'dim' },
  cancelled: { mark: '-', style: 'yellow' },
}

export class RunView {
  readonly #stream: NodeJS.WriteStream
  readonly #steps = new Map<string, StepExecution>()
  readonly #toldProgressAt = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #live = ''
  #nameWidth = 0

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    if (stream.isTTY) this.#timer = setInterval(() => this.#draw(), refreshMs).unref()
  }

  /** The run as it is now: at its start, and whenever events may have been missed. */
  update(run: Run): void {
    if (this.#steps.size === 0) this.note(`Run ${run.id} of ${run.pipeline}: ${run.steps.length} steps`)
    this.#nameWidth = Math.max(...run.steps.map((step) => step.name.length), 0)
    for (const step of run.steps) this.step(step)
  }

  step(step: StepExecution): void {
    const before = this.#steps.get(step.name)
    this.#steps.set(step.name, step)
    if (before?.status !== step.status && marks[step.status] !== undefined) this.note(this.#describeStep(step))
    else if (step.status === 'running' && !this.#stream.isTTY) this.#tellProgress(step, before)
  }

  log(lines: readonly LogLine[]): void {
    for (const { step, level, text } of lines) {
      if (level === 'warning' || level === 'error') this.note(`  ${step}: ${level}: ${text}`)
    }
  }

  /** A line above the live one. */
  note(text: string): void {
    this.#erase()
    this.#stream.write(`${text}\n`)
    this.#draw()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#erase()
  }

  describeEnd(run: Run, version: RegisteredVersion | null): string {
    const lines = [`Run ${run.id} ${run.status} after ${formatSeconds(secondsBetween(run.startedAt, run.finishedAt))}.`]
    if (Object.keys(run.metrics).length > 0) lines.push(formatMetrics(run.metrics))
    if (version !== null) {
      const aliases = version.aliases.length > 0 ? ` (${version.aliases.join(', ')})` : ''
      lines.push(`Registered as version ${version.version} of ${version.model}${aliases}.`)
    }
    if (run.error !== null) lines.push(describeFailure(run.error))
    return lines.join('\n')
  }

  #describeStep(step: StepExecution): string {
    const { mark, style } = marks[step.status] ?? { mark: ' ', style: 'dim' }
    const time = step.status === 'skipped' ? '' : formatSeconds(secondsBetween(step.startedAt, step.finishedAt))
    const remark = step.cached ? 'cached' : (step.error?.detail ?? step.reason ?? '')
    const head = styleText(style, mark, { stream: this.#stream })
    return `${head} ${step.name.padEnd(this.#nameWidth)}  ${time.padStart(8)}  ${remark}`.trimEnd()
  }

  #tellProgress(step: StepExecution, before: StepExecution | undefined): void {
    const now = Date.now()
    if (before?.status !== 'running') this.#stream.write(`… ${step.name}\n`)
    else if (now - (this.#toldProgressAt.get(step.name) ?? 0) < quietProgressMs) return
    else this.#stream.write(`… ${describeProgress(step)}\n`)
    this.#toldProgressAt.set(step.name, now)
  }

  #draw(): void {
    if (this.#timer === undefined) return
    this.#erase()
    const running = [...this.#steps.values()].filter((step) => step.status === 'running')
    if (running.length === 0) return
    const text = running.map(
      (step) => `${describeProgress(step)} ${formatSeconds(secondsBetween(step.startedAt, null))}`,
    )
    this.#live = text.join(' | ').slice(0, (this.#stream.columns || defaultColumns) - 1)
    this.#stream.write(this.#live)
  }

  #erase(): void {
    if (this.#live === '') return
    this.#stream.clearLine(0)
    this.#stream.cursorTo(0)
    this.#live = ''
  }
}

function describeProgress({ name, progress, progressMessage }: StepExecution): string {
  const percent = progress === null ? '' : ` ${Math.round(progress * 100)} %`
  return `${name}${percent}${progressMessage === null ? '' : ` ${progressMessage}`}`
}
