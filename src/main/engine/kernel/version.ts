import manifest from '../../../../package.json' with { type: 'json' }

/** The version of Esteira, from package.json. */
export const esteiraVersion: string = manifest.version
