import type { Role } from '../contract/roles.ts'

/** What a route asks of an admin. `self`: it is about nobody but whoever asks. */
export type Right = 'self' | 'read' | 'money' | 'manage' | 'own'

/** Who may do what: the whole of it. Reading that shows secrets or where money goes is not `read`. */
export const rightsOf: Record<Role, readonly Right[]> = {
  owner: ['self', 'read', 'money', 'manage', 'own'],
  manager: ['self', 'read', 'money', 'manage'],
  finance: ['self', 'read', 'money'],
  read_only: ['self', 'read'],
}

const program = '/v1/apps/:appId'

// The first row that fits holds. A route that none names asks for `read` where it reads and for `manage` where it writes.
const rows: readonly (readonly [method: string, path: RegExp, right: Right])[] = [
  ['*', /^\/v1\/auth\//, 'self'],
  // Each of its tools passes the door of its own route.
  ['POST', /^\/mcp$/, 'read'],
  ['GET', at('/v1/team'), 'read'],
  ['*', /^\/v1\/(team|audit)(\/|$)/, 'own'],
  ['POST', at('/v1/apps'), 'own'],
  // Reading them shows no secret.
  ['GET', under(`${program}/(api-keys|payout-providers)`), 'read'],
  ['*', under(`${program}/(api-keys|payout-providers)`), 'own'],
  ['PUT', at(`${program}/integrations/stripe`), 'own'],
  ['DELETE', at(`${program}/integrations/stripe`), 'own'],
  ['GET', at(`${program}/grant-secret`), 'own'],
  ['POST', at(`${program}/webhooks/:id/rotate-secret`), 'own'],
  ['*', under(`${program}/people`), 'manage'],
  ['GET', at(`${program}/export`), 'manage'],
  ['POST', at(`${program}/terms/preview`), 'read'],
  ['POST', under(`${program}/commissions`), 'money'],
  ['POST', under(`${program}/periods`), 'money'],
  ['POST', under(`${program}/payouts`), 'money'],
  // Such a file says where everybody's money is sent.
  ['GET', /^\/v1\/apps\/:appId\/payouts(\.csv|\.xml|\/batches\/:id\/lines\.csv)$/, 'money'],
]

/** What a route asks of an admin, by its method and its path as the router has it. */
export function rightFor(method: string, path: string): Right {
  const row = rows.find(each => (each[0] === '*' || each[0] === method) && each[1].test(path))
  return row?.[2] ?? (method === 'GET' || method === 'HEAD' ? 'read' : 'manage')
}

export function mayDo(role: Role, right: Right) {
  return rightsOf[role].includes(right)
}

/** The settings that say where money and credits go and whose word is taken for who somebody is: those ask for `own`. */
export function guardedSettings({ sepa, identity, rewards }: Guarded) {
  return JSON.stringify([sepa, identity, rewards.grantUrl])
}
type Guarded = { sepa: unknown; identity: unknown; rewards: { grantUrl: string | null } }

/** Each row of the table, for the test that holds it to routes that there are. */
export const tableOfRights = rows

function at(path: string) {
  return new RegExp(`^${path.replaceAll('.', '\\.')}$`)
}

function under(path: string) {
  return new RegExp(`^${path}(/|$)`)
}
