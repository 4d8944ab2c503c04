import type { Installation } from './installation.ts'
import type { Setting } from './setting.ts'

/** Rows of the server's own books, by the type under which the export has them. */
export type Row = Record<string, any>
export type Books = { of(type: string): Row[] }

/** The whole export, through the door that an operator takes it from. */
export async function books(installation: Installation, { programId, asAdmin }: Setting): Promise<Books> {
  const url = await installation.url(all => all[0] as never)
  const reply = await fetch(`${url}/v1/apps/${programId}/export`, { headers: asAdmin })
  const lines = (await reply.text()).trimEnd().split('\n')
  const rows: Row[] = lines.map(line => JSON.parse(line))
  if (!reply.ok || rows.at(-1)?.type !== 'end') throw new Error(`The export broke off: ${reply.status} ${lines.at(-1)}`)
  const byType = Map.groupBy(rows, row => row.type as string)
  return { of: type => byType.get(type) ?? [] }
}

/** What a test says of what it found; `is` compares as JSON does. */
export type Say = {
  (what: string): void
  is(what: string, found: unknown, expected: unknown): void
}

export function saying(findings: string[]): Say {
  const say = (what: string) => void findings.push(what)
  return Object.assign(say, {
    is(what: string, found: unknown, expected: unknown) {
      const [one, other] = [JSON.stringify(found), JSON.stringify(expected)]
      if (one !== other) say(`${what}: ${one}, not ${other}`)
    },
  })
}

export const sum = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((total, one) => total + of(one), 0)

/** How many there are of what was wanted: one where it was acknowledged, one or none where not. */
export function once(say: Say, what: string, count: number, { isAcked }: { isAcked: boolean }) {
  if (count !== 1 && (isAcked || count !== 0)) say(`${what} ${isAcked ? '' : 'not '}acknowledged, and there ${count} times`)
  return count === 1
}
