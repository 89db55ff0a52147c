/** For tests: the inference thread, with an error that nobody catches as soon as somebody asks for /crash. */
import diagnostics from 'node:diagnostics_channel'

diagnostics.subscribe('http.server.request.start', (message) => {
  if (JSON.stringify(message, ['request', 'url']).includes('/crash')) {
    setImmediate(() => {
      throw new Error('crash')
    })
  }
})

await import('./inference-thread.ts')
