/**
 * Pages are written by hand but for regions between `<!-- generated: name -->` and `<!-- end -->`, which are made from the
 * types. Pure.
 */
const region = /(<!-- generated: (?<name>[a-z-]+) -->\n)[\s\S]*?(<!-- end -->)/g

/** @throws Error when the page and the parts do not have the same names, each once */
export function fillRegions(page: string, parts: Readonly<Record<string, string>>): string {
  const found = [...page.matchAll(region)].map((match) => match.groups?.name ?? '')
  const expected = Object.keys(parts)
  if (found.toSorted().join() !== expected.toSorted().join()) {
    throw new Error(`the page has the regions ${found.join(', ')}, and there is content for ${expected.join(', ')}`)
  }
  return page.replace(region, (_, start: string, name: string, end: string) => `${start}\n${parts[name]}\n\n${end}`)
}
