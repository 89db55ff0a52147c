import type { Signature, SignatureInput } from '#shared/models.ts'

/** A value that the model takes for the input, from its examples where it has some. */
export function exampleValue(input: SignatureInput): string | number | boolean {
  switch (input.type) {
    case 'text':
      return input.examples?.[0] ?? ''
    case 'timestamp':
      return input.examples?.[0] ?? '2001-01-01T12:00:00Z'
    case 'boolean':
      return input.examples?.[0] !== 'false'
    case 'integer':
    case 'number': {
      const example = Number(input.examples?.[0] ?? 1)
      return Number.isFinite(example) ? example : 1
    }
  }
}

/** A command for a POSIX shell that asks the endpoint at `url` for one prediction. */
export function curlSnippet(url: string, signature: Signature): string {
  const row = Object.fromEntries(signature.inputs.map((input) => [input.name, exampleValue(input)]))
  const body = JSON.stringify({ rows: [row] }, undefined, 2)
  return [
    `curl -s ${shellQuoted(url)} \\`,
    "  -H 'content-type: application/json' \\",
    `  -d ${shellQuoted(body)}`,
  ].join('\n')
}

/** In single quotes, where nothing has a meaning of its own but the quote itself. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
