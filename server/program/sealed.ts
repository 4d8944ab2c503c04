import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Desk } from './desk.ts'

/**
 * A text that only this installation can read: AES-256-GCM under a key that is derived from APP_SECRET. `owner` is the id of
 * what it belongs to; for anything else it cannot be opened.
 */
export function sealed(desk: Desk, owner: string, text: string) {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(desk), nonce).setAAD(Buffer.from(owner))
  const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url')}`
}

/** What was sealed, or null where it was sealed with another APP_SECRET, for another owner, or has been changed. */
export function opened(desk: Desk, owner: string, text: string) {
  const bytes = Buffer.from(text.replace(/^v1\./, ''), 'base64url')
  if (bytes.length < 28) return null
  const decipher = createDecipheriv('aes-256-gcm', keyOf(desk), bytes.subarray(0, 12), { authTagLength: 16 })
  try {
    decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(12, 28))
    return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return null
  }
}

function keyOf({ secret }: Desk) {
  return Buffer.from(hkdfSync('sha256', secret, '', 'mislata: webhook secrets', 32))
}
