/** The access rules and keys of endpoints, as stored. The inference thread keeps to them: see access-guard.ts. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import {
  type AccessRules,
  accessRulesSchema,
  defaultAccessRules,
  type EndpointAccess,
  type EndpointKey,
  endpointKeySchema,
} from '#shared/access.ts'
import type { OutsideState } from '#shared/engine.ts'
import type { Clock } from '../kernel/clock.ts'
import { EsteiraError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { jsonColumn } from '../store/json-column.ts'
import type { Store } from '../store/store.ts'
import { digestOf, type EnforcedAccess } from './access-guard.ts'

/** Keys are found by it in logs and by scanners of secrets. */
const keyPrefix = 'esk_'
const keyBytes = 32
const maxKeys = 1_000
const keyColumns = 'id, name, created_at AS createdAt, revoked_at AS revokedAt'

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly endpoints: { get(name: string): unknown; list(): { readonly name: string }[] }
  /** Makes the inference server keep to it from the next request on. */
  readonly enforce: (endpoint: string, access: EnforcedAccess) => Promise<void>
  /** Whether other machines can reach the endpoints now. */
  readonly isOutside?: () => boolean
}

export class EndpointAccessStore {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** @throws EsteiraError `endpoint-not-found` */
  get(endpoint: string): EndpointAccess {
    this.#parts.endpoints.get(endpoint)
    const keys = this.#parts.store.all(
      endpointKeySchema,
      `SELECT ${keyColumns} FROM endpoint_key WHERE endpoint = $endpoint ORDER BY id DESC`,
      { endpoint },
    )
    return { rules: this.#rules(endpoint), keys }
  }

  /**
   * Only what is given changes.
   * @throws EsteiraError `endpoint-not-found`; `conflict` where keys would be required and there is none
   */
  async change(endpoint: string, change: Partial<AccessRules>): Promise<EndpointAccess> {
    const { rules: before, keys } = this.get(endpoint)
    const rules = accessRulesSchema.parse({ ...before, ...JSON.parse(JSON.stringify(change)) })
    if (rules.keysRequired && keys.every(({ revokedAt }) => revokedAt !== null)) {
      throw new EsteiraError(
        'conflict',
        `The endpoint "${endpoint}" has no key that holds, so that nobody could ask it.`,
        {
          where: 'keysRequired',
          next: 'Make a key first.',
        },
      )
    }
    if (!rules.keysRequired && before.keysRequired && this.#parts.isOutside?.()) {
      throw new EsteiraError('conflict', 'Other machines can reach the endpoints, so that keys stay required.', {
        where: 'keysRequired',
        next: 'Start the engine without --inference-host first.',
      })
    }
    this.#parts.store.run(
      `INSERT INTO endpoint_access (endpoint, rules) VALUES ($endpoint, $rules)
       ON CONFLICT (endpoint) DO UPDATE SET rules = excluded.rules`,
      { endpoint, rules: JSON.stringify(rules) },
    )
    await this.#enforce(endpoint)
    return this.get(endpoint)
  }

  /** The key is in the answer, and nowhere else. @throws EsteiraError `endpoint-not-found`, `conflict` */
  async addKey(endpoint: string, name: string): Promise<{ key: string; stored: EndpointKey }> {
    const { keys } = this.get(endpoint)
    if (keys.length >= maxKeys) {
      throw new EsteiraError('conflict', `The endpoint "${endpoint}" has as many keys as it can have.`, {
        allowed: `${maxKeys} keys, revoked ones included`,
      })
    }
    const key = keyPrefix + randomBytes(keyBytes).toString('base64url')
    const at = this.#parts.clock()
    const stored: EndpointKey = { id: newId(at), name, createdAt: at, revokedAt: null }
    this.#parts.store.run(
      `INSERT INTO endpoint_key (id, endpoint, name, digest, created_at) VALUES ($id, $endpoint, $name, $digest, $at)`,
      { id: stored.id, endpoint, name, digest: digestOf(key), at },
    )
    await this.#enforce(endpoint)
    return { key, stored }
  }

  /**
   * The key is refused from the next request on. Revoking it again changes nothing. An endpoint that requires keys goes on
   * requiring them after its last one was revoked.
   * @throws EsteiraError `endpoint-not-found`, `not-found`
   */
  async revokeKey(endpoint: string, id: string): Promise<EndpointAccess> {
    if (!this.get(endpoint).keys.some((key) => key.id === id)) {
      throw new EsteiraError('not-found', `The endpoint "${endpoint}" has no key "${id}".`, { found: id })
    }
    this.#parts.store.run('UPDATE endpoint_key SET revoked_at = coalesce(revoked_at, $at) WHERE id = $id', {
      id,
      at: this.#parts.clock(),
    })
    await this.#enforce(endpoint)
    return this.get(endpoint)
  }

  /** The rules of every endpoint, by its name. */
  all(): ReadonlyMap<string, AccessRules> {
    return new Map(this.#parts.endpoints.list().map(({ name }) => [name, this.#rules(name)]))
  }

  /** What there is for other machines to ask, and with how many keys that hold. */
  holdings(): OutsideState['endpoints'] {
    return this.#parts.endpoints.list().map(({ name }) => {
      const { rules, keys } = this.get(name)
      return { name, keysRequired: rules.keysRequired, keys: keys.filter(({ revokedAt }) => revokedAt === null).length }
    })
  }

  /** Tells the inference server the rules of every endpoint: before it listens. */
  async restore(): Promise<void> {
    for (const { name } of this.#parts.endpoints.list()) await this.#enforce(name)
  }

  #rules(endpoint: string): AccessRules {
    // What was stored before there was a rule lacks it.
    const row = z.object({ rules: jsonColumn(accessRulesSchema.partial()) })
    const stored = this.#parts.store.get(row, 'SELECT rules FROM endpoint_access WHERE endpoint = $endpoint', {
      endpoint,
    })
    return { ...defaultAccessRules, ...stored?.rules }
  }

  async #enforce(endpoint: string): Promise<void> {
    const digests = this.#parts.store
      .all(
        z.object({ digest: z.string() }),
        'SELECT digest FROM endpoint_key WHERE endpoint = $endpoint AND revoked_at IS NULL',
        { endpoint },
      )
      .map(({ digest }) => digest)
    await this.#parts.enforce(endpoint, { ...this.#rules(endpoint), digests })
  }
}
