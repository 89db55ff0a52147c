/** The one page of the shell itself, shown while there is no engine to serve the app. It runs no script. */
import type { EngineState } from './engine-supervisor.ts'
import type { Texts } from './texts.ts'

/** Following this link asks for another attempt; the shell catches it, and no such host exists. */
export const retryUrl = 'https://retry.invalid/'

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
  const starting = state.kind === 'starting' && !attachOnly
  const title = starting ? texts.startingTitle : texts.lostTitle
  const log = state.kind === 'lost' ? state.log.trim() : ''
  const command = `npx esteira serve --home ${home}`
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)} · Esteira</title>
<style>
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; font: 15px/1.55 system-ui, sans-serif; background: #f5f6f7; color: #1c2127 }
main { max-width: 620px; padding: 24px }
h1 { font-size: 20px; margin: 0 0 8px }
a { display: inline-block; margin-top: 12px; padding: 6px 14px; border-radius: 5px; background: #00656a; color: #fff; text-decoration: none }
pre { padding: 10px 12px; border: 1px solid #c3c9d1; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 40vh; overflow: auto; font-size: 12px }
small { color: #59626e }
@media (prefers-color-scheme: dark) {
  body { background: #14171a; color: #e2e6ea } pre { border-color: #414952 } small { color: #9aa5b1 }
  a { background: #6cc9c7; color: #101315 }
}
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(starting ? texts.startingText : texts.lostText)}</p>
${attachOnly ? `<p>${escaped(texts.attachText)}</p><pre>${escaped(command)}</pre>` : ''}
<small>${escaped(texts.home)}: ${escaped(home)}</small>
${log === '' ? '' : `<p><strong>${escaped(texts.log)}</strong></p><pre>${escaped(log)}</pre>`}
${starting ? '' : `<div><a href="${retryUrl}">${escaped(texts.retry)}</a></div>`}
</main>
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
