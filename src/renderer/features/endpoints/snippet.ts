/** Code that asks an endpoint for a prediction, ready to be pasted. */
import type { InputType, Signature } from '#shared/models.ts'
import type { Row } from './form.ts'

export const snippetKinds = ['curl', 'python', 'typescript', 'open-inference'] as const
export type SnippetKind = (typeof snippetKinds)[number]

export interface SnippetRequest {
  /** Of the plain form, `…/models/<endpoint>/predict`. */
  readonly url: string
  readonly signature: Signature
  readonly row: Row
  /** Whether the endpoint asks for a key, which the code takes from the environment. */
  readonly keysRequired: boolean
}

export function snippet(kind: SnippetKind, request: SnippetRequest): string {
  switch (kind) {
    case 'curl':
      return curl(request.url, { rows: [request.row] }, request.keysRequired)
    case 'python':
      return python(request)
    case 'typescript':
      return typescript(request)
    case 'open-inference':
      return curl(openInferenceUrl(request.url), openInferenceBody(request), request.keysRequired)
  }
}

/** A command for a POSIX shell. */
function curl(url: string, body: object, keysRequired: boolean): string {
  const json = JSON.stringify(body, undefined, 2)
  return [
    `curl -s ${shellQuoted(url)} \\`,
    "  -H 'content-type: application/json' \\",
    ...(keysRequired ? ['  -H "authorization: Bearer $ESTEIRA_KEY" \\'] : []),
    `  -d ${shellQuoted(json)}`,
  ].join('\n')
}

/** In single quotes, where nothing has a meaning of its own but the quote itself. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** With the standard library alone. */
function python({ url, row, keysRequired }: SnippetRequest): string {
  const key = keysRequired ? ', "authorization": "Bearer " + os.environ["ESTEIRA_KEY"]' : ''
  return `import json
${keysRequired ? 'import os\n' : ''}import urllib.request

rows = [
    {
${Object.entries(row)
  .map(([name, value]) => `        ${pythonLiteral(name)}: ${pythonLiteral(value)},`)
  .join('\n')}
    }
]
request = urllib.request.Request(
    ${pythonLiteral(url)},
    data=json.dumps({"rows": rows}).encode(),
    headers={"content-type": "application/json"${key}},
)
with urllib.request.urlopen(request) as response:
    print(json.load(response)["predictions"])`
}

/** JSON texts and numbers are Python's too; only true and false differ. */
function pythonLiteral(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}

/** For Node, Deno, Bun and browsers that the endpoint allows. */
function typescript({ url, row, keysRequired }: SnippetRequest): string {
  const key = keysRequired ? ', authorization: `Bearer ${process.env.ESTEIRA_KEY}`' : ''
  return `const response = await fetch(${JSON.stringify(url)}, {
  method: 'POST',
  headers: { 'content-type': 'application/json'${key} },
  body: JSON.stringify({ rows: [${JSON.stringify(row, undefined, 2).replaceAll('\n', '\n  ')}] }),
})
if (!response.ok) throw new Error(await response.text())
const { predictions } = await response.json()
console.log(predictions)`
}

/** The same endpoint in the Open Inference Protocol v2. */
function openInferenceUrl(url: string): string {
  return url.replace(/\/models\/([^/]+)\/predict$/, '/v2/models/$1/infer')
}

const datatypes: Record<InputType, string> = {
  number: 'FP64',
  integer: 'INT64',
  boolean: 'BOOL',
  text: 'BYTES',
  timestamp: 'BYTES',
}

/** One tensor per input; what is missing is left out. */
function openInferenceBody({ signature, row }: SnippetRequest): object {
  const inputs = signature.inputs.flatMap(({ name, type }) => {
    const value = row[name]
    return value === undefined ? [] : [{ name, datatype: datatypes[type], shape: [1, 1], data: [value] }]
  })
  return { inputs }
}
