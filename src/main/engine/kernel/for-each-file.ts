/** Thousands at once would exhaust what a process may open; one after the other takes long. */
const filesAtOnce = 64

/** Does `work` for all items, some of them at a time; the answers stand in the order of the items. */
export async function forEachFile<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let start = 0; start < items.length; start += filesAtOnce) {
    answers.push(...(await Promise.all(items.slice(start, start + filesAtOnce).map(work))))
  }
  return answers
}
