/** What every command is given, and how it answers. */
import type { Command } from 'commander'
import type { Problem } from '#shared/errors.ts'

export interface CommandLine {
  /** As given with --home; undefined: the environment or the default decides. */
  readonly home: string | undefined
  readonly json: boolean
  /** The one answer on stdout: the value as JSON with --json, else the text. */
  answer(value: unknown, text: () => string): void
  /** Progress and remarks, on stderr. */
  note(text: string): void
  /** The command has answered, but not with success. */
  failed(problem: Problem | null): void
}

/** Adds arguments, options and the action to a command whose name and summary are set. */
export type DefineCommand = (command: Command, line: CommandLine) => void
