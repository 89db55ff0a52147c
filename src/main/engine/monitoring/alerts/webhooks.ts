/** The webhooks of a home: names, addresses and secrets. A secret is told once, and never logged. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Webhook, webhookSchema } from '#shared/alerts.ts'
import type { Clock } from '../../kernel/clock.ts'
import { EsteiraError, nearestName } from '../../kernel/errors.ts'
import { booleanColumn } from '../../store/json-column.ts'
import type { Store } from '../../store/store.ts'
import { isLinkLocal, linkLocalRefused } from './link-local.ts'

const webhookRow = z.object({ ...webhookSchema.shape, allowLinkLocal: booleanColumn })
const columns = 'name, url, allow_link_local AS allowLinkLocal, created_at AS createdAt'
const secretPrefix = 'whsec_'

export interface WebhookTarget extends Webhook {
  readonly secret: string
}

export class Webhooks {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  list(): Webhook[] {
    return this.#store.all(webhookRow, `SELECT ${columns} FROM webhook ORDER BY name`)
  }

  /**
   * Makes a webhook, or changes where it leads; its secret is made afresh.
   * @throws EsteiraError `invalid-request` where it leads to an address of this link and that is not allowed
   */
  put(
    name: string,
    { url, allowLinkLocal }: { url: string; allowLinkLocal: boolean },
  ): { webhook: Webhook; secret: string } {
    const { hostname, username, password } = new URL(url)
    if (username !== '' || password !== '') {
      throw new EsteiraError('invalid-request', 'The address of a webhook holds no name and password.', {
        next: 'Leave them out: every request is signed with the secret of the webhook.',
      })
    }
    if (!allowLinkLocal && isLinkLocal(hostname)) throw linkLocalRefused(hostname)
    const secret = secretPrefix + randomBytes(32).toString('base64url')
    this.#store.run(
      `INSERT INTO webhook (name, url, secret, allow_link_local, created_at)
       VALUES ($name, $url, $secret, $allowLinkLocal, $at)
       ON CONFLICT (name) DO UPDATE SET url = excluded.url, secret = excluded.secret,
         allow_link_local = excluded.allow_link_local`,
      { name, url, secret, allowLinkLocal: Number(allowLinkLocal), at: this.#clock() },
    )
    const { secret: _, ...webhook } = this.target(name)
    return { webhook, secret }
  }

  /** @throws EsteiraError `webhook-not-found` */
  remove(name: string): void {
    if (this.#store.run('DELETE FROM webhook WHERE name = $name', { name }) === 0) throw this.#notFound(name)
  }

  /** With its secret: for the sender alone. @throws EsteiraError `webhook-not-found` */
  target(name: string): WebhookTarget {
    const row = this.#store.get(
      webhookRow.extend({ secret: z.string() }),
      `SELECT ${columns}, secret FROM webhook WHERE name = $name`,
      { name },
    )
    if (row === undefined) throw this.#notFound(name)
    return row
  }

  #notFound(name: string): EsteiraError {
    const names = this.list().map((webhook) => webhook.name)
    const nearest = nearestName(name, names)
    return new EsteiraError('webhook-not-found', `The home has no webhook "${name}".`, {
      found: name,
      allowed: names.join(', ') || 'no webhooks yet',
      ...(nearest !== undefined && { nearest }),
      next: 'Make it: esteira alerts webhooks add NAME URL.',
    })
  }
}
