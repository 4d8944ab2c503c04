import { createHmac } from 'node:crypto'

/** A visitor of one day: nothing but this server's key of that day leads back to the address, and the key is thrown away. */
export function visitorOf(dayKey: string, address: string, userAgent: string) {
  return createHmac('sha256', dayKey).update(`${address}\n${userAgent}`).digest('base64url').slice(0, 22)
}

/** Two clicks with one key within one hour are one click. No code is longer than 64 characters; what is tells nothing more. */
export function dedupeKey(programId: string, foldedCode: string, visitor: string, hour: string) {
  return `${hour}.${programId}.${foldedCode.slice(0, 64)}.${visitor}`
}
