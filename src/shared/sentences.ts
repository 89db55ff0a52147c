/**
 * Sentences of the engine that are stored or sent as texts: why a step was skipped, what data is compared. The engine fills them
 * in English; a page recognises them and says them in its own language. A text that is none of them stays as it is.
 */

/** Those that begin alike come with the more particular first. `{more}` may be one of them itself. */
export const sentences = {
  'condition-false': 'The condition does not hold: {when}',
  'step-failed': 'The step "{step}" failed.',
  'step-cancelled': 'The step "{step}" was cancelled.',
  'step-skipped-because': 'The step "{step}" was skipped: {more}',
  'step-skipped': 'The step "{step}" was skipped.',
  'waits-for-person': 'Version {version} of {model} waits for a person.',
  'not-promoted': 'Version {version} of {model} was not promoted: {more}',
  'no-version': 'There is no model version "{reference}" yet.',
  'nothing-to-compare': 'There is no {reference} yet to compare with.',
  'nothing-served': 'Nothing was served from the feature store yet.',
  'not-under-git': 'The project was not under git: its files are those of today, compared by their hashes.',
  'changes-not-kept': 'What differed from the commit was not kept.',
  'change-too-large': 'The change of {path} was not kept: it is too large.',
  'change-secret': 'The change of {path} was not kept: it may hold secrets.',
  'training-data-of-step': 'training data of the step "{step}"',
  'data-of-step': 'data of the step "{step}"',
  'training-data-of': 'training data of {version}',
  'importance-of-step': '{metric} lost by shuffling an input, of the step "{step}"',
  'importance-of': '{metric} lost by shuffling an input, of {version}',
  // What the schema expects of data, and what was found.
  'column-of-type-in': 'a column of type {type} in {more}',
  'span-before': 'the span before',
  'other-side': 'the other side of training and serving',
  'column-of-type': 'a column of type {type}',
  'no-such-column': 'no such column',
  'schema-columns-only': 'only columns of the schema',
  'boolean-or-01': 'boolean, or 0 and 1',
  'utf8-text': 'text in UTF-8',
  'one-value': 'at least one value',
  'share-at-least': 'a share of at least {value}',
  'values-at-least': 'at least {count} values',
  'span-at-least': 'at least {value} of the rows of the span before',
  'span-at-most': 'at most {value} of the rows of the span before',
  'span-share': '{value} of the rows of the span before',
  'rows-at-least': 'at least {count} rows',
  'rows-at-most': 'at most {count} rows',
  'distinct-share': 'a share of different values of {more}',
  'distinct-at-least': 'at least {count} different values',
  'distinct-at-most': 'at most {count} different values',
  'at-least': 'at least {value}',
  'at-most': 'at most {value}',
  'rows-without-it': '{count} rows without it',
  'row-without-it': '1 row without it',
  'row-count': '{count} rows',
  'comparable-column': 'a column of numbers, texts, truth values or instants',
  'share-among': 'a share of {value} among {count} values: {values}',
  among: 'among {count} values: {values}',
  'share-like': 'a share of {value} like {pattern}',
  like: 'like {pattern}',
  'pattern-in-schema': 'a pattern in the schema',
  'finite-numbers': 'finite numbers',
  'newest-row': 'a row of the last {span}',
  'the-rows': 'the rows',
  'statistics-alone': 'statistics alone',
  'regular-expression': 'a regular expression (RE2)',
  'sql-condition': 'a condition in SQL over the columns of the data',
  // What is wrong in a file that a person wrote, and what is expected there.
  'one-of': 'one of {names}',
  'no-parameters': 'no parameters',
  'no-inputs': 'no inputs',
  circle: 'The steps depend on each other in a circle: {names}.',
  'unknown-parameter': 'The pipeline has no parameter "{name}".',
  'name-of-file': 'The name of a pipeline is the name of its file.',
  'unknown-component': 'There is no component "{name}".',
  'unknown-input': 'The component {component} has no input "{name}".',
  'missing-input': 'The input "{name}" of {component} is missing.',
  'single-input': 'The input "{name}" takes one step, not a list.',
  'unknown-output': 'The step "{step}" has no output "{name}".',
  'several-outputs': 'The step "{step}" has several outputs that fit; name one as {names}.',
  'cannot-read': 'The input "{name}" cannot read the step "{step}".',
  'unknown-step': 'There is no step "{step}".',
  'unknown-in-condition': '"{name}" is not known in a condition.',
  'condition-unreadable': 'The condition cannot be read: {problem}.',
  'unknown-key': 'The key "{name}" is not known here.',
  'unknown-value': 'This value is not known here.',
  missing: '"{name}" is missing.',
  'measure-at-least': '{measure} of at least {value}',
  'measure-at-most': '{measure} of at most {value}',
  // How a schema changes when an anomaly becomes the new normal.
  'accept-bound': 'Sets "{key}" of {more} to {value}.',
  'the-freshness': 'the freshness',
  'different-values-of': 'the different values of "{column}"',
  'comparator-of': 'the {comparator} of "{column}"',
  'accept-any-unique': 'Says nothing of the different values of "{column}" any more.',
  'accept-nan': '"{column}" may hold NaN.',
  'accept-infinite': '"{column}" may hold infinite numbers.',
  'accept-not-compared': 'The column "{column}" is not compared any more.',
  'accept-semantic': 'Every value of "{column}" must be {more}.',
  'a-uuid': 'a UUID',
  'ipv4-address': 'an IPv4 address',
  'web-address': 'a web address',
  'e-mail-address': 'an e-mail address',
  'accept-fewer': '"{rule}" need hold for a share of {value} of the rows only.',
  'accept-new-column': 'Adds the column "{column}" of type {type}, as it was seen.',
  'accept-absent': 'The column "{column}" may be absent.',
  'accept-not-in': 'The column "{column}" is not expected in {environment}.',
  'accept-type-without': 'Changes the type of "{column}" from {before} to {type} and takes away {keys}.',
  'accept-type': 'Changes the type of "{column}" from {before} to {type}.',
  'accept-missing': 'Every value of "{column}" may be missing.',
  'accept-values-and-more': 'Adds {values} and {count} more to the values of "{column}".',
  'accept-values': 'Adds {values} to the values of "{column}".',
  // What a check of everything stored found, and what was done about it.
  'doctor-not-asked': 'No repair was asked for.',
  'doctor-row-hash': 'Its row does not give its hash.',
  'doctor-file-missing': 'The file "{name}" of a {type} artifact is missing.',
  'doctor-file-corrupt': 'The file "{name}" of a {type} artifact is not what was written.',
  'doctor-not-recorded': 'The artifact {hash} is not recorded.',
  'doctor-gives-unrecorded': 'It gives the artifact {hash}, which is not recorded.',
  'doctor-rows-missing': 'Rows that lead from artifacts to this step are missing.',
  'doctor-orphan': 'No artifact holds it; {count} bytes.',
  'doctor-restore': 'Restore a copy of the database that lies beside it, or a backup.',
  'doctor-moved': 'Moved to {path}.',
  'doctor-entry-removed': 'The entry was removed: the step runs again when it is asked for.',
  'doctor-no-artifact': 'It belongs to no artifact.',
  'doctor-remade': 'Made again by the step that made it, the same to the byte.',
  'doctor-row-unknown': 'The row cannot be told.',
  'doctor-row-removed': 'The row that names what is not there was removed.',
  'doctor-row-gone': 'Its row has gone already.',
  'doctor-row-stays': 'The row stays: {problem}.',
  'doctor-rebuilt': 'They were written again from what the step says.',
  'doctor-itself': 'It is needed to make itself.',
  'doctor-no-run': 'No run that made it is kept.',
  'doctor-no-component': 'The component of the step "{step}" is not there any more.',
  'doctor-made-of': 'It is made of {hash}, which cannot be had: {more}',
  'doctor-no-success': 'The step "{step}" did not succeed again.',
  'doctor-something-else': 'The step "{step}" gave something else this time.',
  'doctor-sources-unreadable': 'The files that it was made from cannot be read.',
  'doctor-sources-unknown': 'The files that it was made from were not noted.',
  'doctor-source-changed': 'The file {path} is not what it was.',
  'doctor-not-pure': 'The step "{step}" does not depend on its inputs alone.',
  'doctor-version': 'The component {component} has version {version} now, and had {before}.',
} as const

export type SentenceKey = keyof typeof sentences
type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never
export type SentenceValues<Key extends SentenceKey> = {
  readonly [Name in NamesIn<(typeof sentences)[Key]>]: string | number
}

export function sentence<Key extends SentenceKey>(key: Key, values: SentenceValues<Key>): string {
  return fillSentence(sentences[key], values)
}

/** A name without a value stays in its braces. */
export function fillSentence(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (braces, name: string) => String(values[name] ?? braces))
}

export interface ReadSentence {
  readonly key: SentenceKey
  readonly values: Readonly<Record<string, string>>
}

/** Which sentence a text is, and its values; undefined where it is none of them. */
export function readSentence(text: string): ReadSentence | undefined {
  for (const { key, pattern } of patterns) {
    const found = pattern.exec(text)
    if (found !== null) return { key, values: { ...found.groups } }
  }
  return undefined
}

function isSentenceKey(key: string): key is SentenceKey {
  return Object.hasOwn(sentences, key)
}

const patterns = Object.keys(sentences)
  .filter(isSentenceKey)
  .map((key) => ({ key, pattern: new RegExp(`^${patternOf(sentences[key])}$`, 's') }))

function patternOf(template: string): string {
  return (
    template
      .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
      // What stands in quotes holds none.
      .replaceAll(/"\{(\w+)\}"/g, (_, name: string) => `"(?<${name}>[^"]+)"`)
      .replaceAll('{count}', '(?<count>[0-9.]+)')
      .replaceAll(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>.+?)`)
  )
}
