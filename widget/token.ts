/** Whose token this is: two tokens of one customer give the same answer. */
export function subjectOf(token: string): string {
  const { sub } = claimsOf(token)
  return typeof sub === 'string' ? sub : token
}

/** Whether the token has run out, or will before a request made now is answered. */
export function runsOut(token: string, now = Date.now()): boolean {
  const { exp } = claimsOf(token)
  return typeof exp === 'number' && exp * 1000 < now + 30_000
}

// Read, not verified: the server does that. A token of another make has no claims and is sent as it is.
function claimsOf(token: string): { sub?: unknown; exp?: unknown } {
  try {
    const [, payload = ''] = token.split('.')
    return Object(JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))))
  } catch {
    return {}
  }
}
