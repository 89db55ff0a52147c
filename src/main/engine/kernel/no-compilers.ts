/** In the place of the compilers of JSON schemas that fastify would load, which take a good part of its start and some megabytes. */
export const noCompilers = { buildValidator: () => neverCalled, buildSerializer: () => neverCalled }

function neverCalled(): never {
  throw new Error('No route has a schema that fastify compiles.')
}
