/** Which commands a person may mean by what they typed, the likeliest first. */

export interface Ranked {
  readonly title: string
  /** Further words by which it is found. */
  readonly hint: string
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/**
 * Every word of the query must be found: at the start of the title, at the start of one of its words, within it, in the
 * hint, or as letters of the title in this order. Accents and case do not matter; equal matches keep their order.
 */
export function rankCommands<Command extends Ranked>(query: string, commands: readonly Command[]): Command[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...commands]
  return commands
    .map((command) => ({ command, score: scoreOf(words, plain(command.title), plain(command.hint)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command)
}

/** 0 where a word is not found at all. */
function scoreOf(words: readonly string[], title: string, hint: string): number {
  const scores = words.map((word) => wordScore(word, title, hint))
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0)
}

function wordScore(word: string, title: string, hint: string): number {
  if (title.startsWith(word)) return 100 - Math.min(20, title.length - word.length) / 10
  if (startsAWord(word, title)) return 80
  if (title.includes(word)) return 60
  if (startsAWord(word, hint)) return 40
  if (hint.includes(word)) return 20
  return isSubsequence(word, title) ? 10 : 0
}

function startsAWord(word: string, text: string): boolean {
  return text.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))
}

function isSubsequence(word: string, text: string): boolean {
  let at = 0
  for (const letter of text) if (letter === word[at]) at++
  return at === word.length
}
