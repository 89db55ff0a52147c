import { randomBytes } from 'node:crypto'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
let lastTime = 0
let lastSuffix = 0n
const suffixBits = 50n

/**
 * A 20-character id: 10 characters of epoch milliseconds, then 10 random ones, Crockford base 32 in lower case.
 * Ids made by one process sort in the order they were made, even within a millisecond.
 */
export function newId(now: number = Date.now()): string {
  if (now > lastTime) {
    lastTime = now
    // Half of the range is left free above, so that incrementing cannot overflow in practice.
    lastSuffix = randomBytes(8).readBigUInt64BE() & ((1n << (suffixBits - 1n)) - 1n)
  } else {
    lastSuffix += 1n
  }
  return encode(BigInt(lastTime)) + encode(lastSuffix)
}

function encode(value: bigint): string {
  let text = ''
  let rest = value
  for (let position = 0; position < 10; position++) {
    text = alphabet.charAt(Number(rest & 31n)) + text
    rest >>= 5n
  }
  return text
}
