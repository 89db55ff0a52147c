/** The built user interface, from the engine's own origin. */
import { realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** `uiPath`: the folder of the built pages; it may be built or rebuilt while the server runs. */
export async function registerUi(app: FastifyInstance, uiPath: string): Promise<void> {
  await app.register(staticFiles, {
    root: resolve(uiPath),
    serve: false,
    dotfiles: 'deny',
    // Bundled files are named by their content; pages are not.
    setHeaders: (reply, path) => {
      const immutable = path.includes(`${sep}assets${sep}`)
      reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

/**
 * Answers a GET outside the API: with the file at that path, or with the start page, which finds its own way from the
 * path (only for a browser's navigation: a missing script is missing). Undefined where neither is there.
 */
export async function sendUi(
  reply: FastifyReply,
  uiPath: string | undefined,
  pathname: string,
  accept: string | undefined,
): Promise<FastifyReply | undefined> {
  const wantsPage = accept?.includes('text/html') ?? false
  if (uiPath !== undefined) {
    const file = await findFile(resolve(uiPath), pathname)
    if (file !== undefined) return reply.code(200).sendFile(file)
    if (wantsPage && (await findFile(resolve(uiPath), '/index.html'))) return reply.code(200).sendFile('index.html')
  }
  if (!wantsPage && pathname !== '/') return undefined
  return reply.code(200).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(notBuiltPage)
}

/** The path below the folder, if it is a file that really lies there: links that lead out are not followed. */
async function findFile(root: string, pathname: string): Promise<string | undefined> {
  const decoded = decode(pathname)
  if (decoded === undefined || decoded.includes('\0') || decoded.includes('\\')) return undefined
  const path = resolve(root, `.${decoded === '/' ? '/index.html' : decoded}`)
  if (!path.startsWith(root + sep)) return undefined
  try {
    if (!(await realpath(path)).startsWith((await realpath(root)) + sep)) return undefined
    return (await stat(path)).isFile() ? path.slice(root.length + 1).replaceAll(sep, '/') : undefined
  } catch {
    return undefined
  }
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return undefined
  }
}

const notBuiltPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Esteira</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}code{background:#8882;padding:.1em .3em}</style>
</head>
<body>
<h1>The engine is running</h1>
<p>Its pages are not built yet. <code>npm start</code> builds them and opens them here.</p>
<p>The <code>esteira</code> command and the control API under <code>/api/v1</code> work already.</p>
</body>
</html>
`
