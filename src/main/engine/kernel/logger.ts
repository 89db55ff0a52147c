/** The engine's own log: one JSON object a line, bounded in size, without secrets. */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Clock, systemClock } from './clock.ts'

const levels = ['debug', 'info', 'warning', 'error'] as const
export type LogLevel = (typeof levels)[number]
export type LogFields = Record<string, unknown>

export interface Logger {
  debug(text: string, fields?: LogFields): void
  info(text: string, fields?: LogFields): void
  warning(text: string, fields?: LogFields): void
  error(text: string, fields?: LogFields): void
}

export interface FileLogger extends Logger {
  close(): void
}

export interface FileLoggerOptions {
  readonly path: string
  /** The lowest level that is written. Default: info. */
  readonly level?: LogLevel
  /** A file that has grown past this becomes `<path>.1`, in place of the one before. Default: 5 MB. */
  readonly maxBytes?: number
  readonly clock?: Clock
}

/** For whoever must be given a logger and has nothing to log to. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warning: ignore, error: ignore }

function ignore(): void {}

/**
 * Opens the log file for appending, making its folder. Lines are written at once, so that the last one before a crash
 * is there; a log that cannot be written (full disk) never disturbs the work.
 */
export function openFileLogger(options: FileLoggerOptions): FileLogger {
  const { path, level = 'info', maxBytes = 5_000_000, clock = systemClock } = options
  const file = new RotatingFile(path, maxBytes)
  const at =
    (lineLevel: LogLevel) =>
    (text: string, fields: LogFields = {}) => {
      if (levels.indexOf(lineLevel) < levels.indexOf(level)) return
      file.append(`${formatLine(new Date(clock()).toISOString(), lineLevel, text, fields)}\n`)
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warning: at('warning'),
    error: at('error'),
    close: () => file.close(),
  }
}

const secretName = /token|authorization|cookie|password|secret/i
const secretText = /(\bbearer\s+|\btoken=)[^\s&"']+/gi
/** A log line is for reading: data of any length can be in an error message. */
const maxTextLength = 4_000

/** One line of JSON. Fields that are named like a secret are left out, as are tokens inside texts. */
function formatLine(time: string, level: LogLevel, text: string, fields: LogFields): string {
  return JSON.stringify({ time, level, text, ...fields }, (name, value: unknown) => {
    if (secretName.test(name)) return '[redacted]'
    if (value instanceof Error) return { message: value.message, stack: value.stack, cause: value.cause }
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'string') return value
    return value.slice(0, maxTextLength).replace(secretText, '$1[redacted]')
  })
}

class RotatingFile {
  readonly #path: string
  readonly #maxBytes: number
  #descriptor: number | undefined
  #bytes = 0

  constructor(path: string, maxBytes: number) {
    this.#path = path
    this.#maxBytes = maxBytes
    this.#try(() => {
      mkdirSync(dirname(path), { recursive: true })
      this.#open()
    })
  }

  append(line: string): void {
    this.#try(() => {
      if (this.#bytes > this.#maxBytes) this.#rotate()
      if (this.#descriptor !== undefined) this.#bytes += writeSync(this.#descriptor, line)
    })
  }

  close(): void {
    const descriptor = this.#descriptor
    this.#descriptor = undefined
    if (descriptor !== undefined) this.#try(() => closeSync(descriptor))
  }

  #open(): void {
    this.#descriptor = openSync(this.#path, 'a', 0o600)
    this.#bytes = fstatSync(this.#descriptor).size
  }

  #rotate(): void {
    if (this.#descriptor === undefined) return
    this.close()
    renameSync(this.#path, `${this.#path}.1`)
    this.#open()
  }

  #try(work: () => void): void {
    try {
      work()
    } catch {
      // There is nowhere left to say so.
    }
  }
}
