/** The one page of the shell itself, shown while there is no engine to serve the app. It runs no script. */
import type { EngineState } from './engine-supervisor.ts'
import type { Texts } from './texts.ts'

/** What a person can do there. Each is a link to a host that cannot exist, which the shell catches. */
export const statusActs = ['retry', 'logs', 'copy'] as const
export type StatusAct = (typeof statusActs)[number]

export function statusActUrl(act: StatusAct): string {
  return `https://${act}.invalid/`
}

export function statusActOf(url: string): StatusAct | undefined {
  return statusActs.find((act) => url === statusActUrl(act))
}

export interface StatusPage {
  readonly state: Exclude<EngineState, { kind: 'ready' }>
  readonly attachOnly: boolean
  readonly home: string
  readonly texts: Texts
  readonly language: string
}

/** The page as a data URL. */
export function statusPageUrl(page: StatusPage): string {
  return `data:text/html;charset=utf-8;base64,${Buffer.from(statusPageHtml(page)).toString('base64')}`
}

export function statusPageHtml({ state, attachOnly, home, texts, language }: StatusPage): string {
  const { title, text } = wordsFor(state, attachOnly, texts)
  const log = state.kind === 'lost' ? state.log.trim() : ''
  const starting = state.kind === 'starting' && !attachOnly
  const act = (name: StatusAct, words: string) => `<a href="${statusActUrl(name)}">${escaped(words)}</a>`
  const acts = [
    ...(starting ? [] : [act('retry', texts.retry)]),
    act('logs', texts.openLogs),
    act('copy', texts.copyDiagnostics),
  ]
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)} · Esteira</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
${attachOnly ? `<p>${escaped(texts.attachText)}</p><pre>${escaped(`npx esteira serve --home ${home}`)}</pre>` : ''}
<small>${escaped(texts.home)}: ${escaped(home)}</small>
${log === '' ? '' : `<p><strong>${escaped(texts.log)}</strong></p><pre>${escaped(log)}</pre>`}
<nav>${acts.join('\n')}</nav>
</main>
</body>
</html>
`
}

function wordsFor(
  state: StatusPage['state'],
  attachOnly: boolean,
  texts: Texts,
): { readonly title: string; readonly text: string } {
  if (attachOnly) return { title: texts.lostTitle, text: texts.lostText }
  if (state.kind === 'starting') return { title: texts.startingTitle, text: texts.startingText }
  return state.starts > 0
    ? { title: texts.failingTitle, text: texts.failingText }
    : { title: texts.lostTitle, text: texts.lostText }
}

const style = `
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; font: 15px/1.55 system-ui, sans-serif; background: #f5f6f7; color: #1c2127 }
main { max-width: 620px; padding: 24px }
h1 { font-size: 20px; margin: 0 0 8px }
nav { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px }
a { padding: 6px 14px; border: 1px solid #7b8794; border-radius: 5px; color: inherit; text-decoration: none }
a[href*="retry"] { border-color: #00656a; background: #00656a; color: #fff }
pre { padding: 10px 12px; border: 1px solid #c3c9d1; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 40vh; overflow: auto; font-size: 12px }
small { color: #59626e }
@media (prefers-color-scheme: dark) {
  body { background: #14171a; color: #e2e6ea } pre { border-color: #414952 } small { color: #9aa5b1 }
  a[href*="retry"] { border-color: #6cc9c7; background: #6cc9c7; color: #101315 }
}
`

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
