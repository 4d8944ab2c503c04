import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { expect } from 'vitest'
import { type ImportedLine, ImportLine, type ImportSummary } from '../../server/contract/import.ts'
import { Ledger } from '../../server/contract/ledger.ts'
import type { Reply, TestProgram, TestServer } from './server.ts'

export type Sent = {
  from: string
  kind?: string
  mapping?: object
  dryRun?: boolean
  stopAtRefusal?: boolean
  text: string | Uint8Array | ReadableStream
}

/** A file as another system exports it, of an invented programme. */
export const sample = (name: string) => readFileSync(join(import.meta.dirname, '../samples', name), 'utf8')

export function send(server: TestServer, { program, token }: TestProgram, { text, mapping, ...query }: Sent): Promise<Reply> {
  const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  if (mapping) asked.set('mapping', JSON.stringify(mapping))
  return server.ask('POST', `/v1/apps/${program.id}/import?${asked}`, { token, raw: text })
}

/** What came of an import, line by line, each held against the contract. */
export async function bring(server: TestServer, acme: TestProgram, sent: Sent) {
  const reply = await send(server, acme, sent)
  expect([reply.status, reply.headers.get('content-type')], reply.text.slice(0, 400)).toEqual([200, 'application/x-ndjson'])
  const all = reply.text
    .trimEnd()
    .split('\n')
    .map(line => v.parse(ImportLine, JSON.parse(line)))
  const summary = all.at(-1)
  if (summary?.type !== 'summary') throw new Error('The report has no end')
  return {
    lines: all.filter(each => each.type === 'line') as ImportedLine[],
    problem: all.find(each => each.type === 'problem'),
    progress: all.filter(each => each.type === 'progress'),
    summary: summary as ImportSummary,
  }
}

/** What the books come to, whatever ids things have: by partner, what each has and how each commission stands. */
export async function books(server: TestServer, { program, secret }: TestProgram) {
  const get = async (path: string) => {
    const all = []
    for (let cursor = ''; ; ) {
      const { status, body } = await server.ask('GET', `${path}${cursor}`, { key: secret })
      expect(status).toBe(200)
      all.push(...body.data)
      if (!body.nextCursor) return all
      cursor = `${path.includes('?') ? '&' : '?'}cursor=${body.nextCursor}`
    }
  }
  const partners = (await server.ask('GET', '/api/v1/partners?per_page=100', { key: secret })).body.data
  const emails = new Map(partners.map((each: { id: string; email: string }) => [each.id, each.email]))
  const commissions = await get(`/v1/apps/${program.id}/commissions?limit=100`)
  const payouts = await get(`/v1/apps/${program.id}/payouts?limit=100`)
  const stats = []
  for (const { id, email, slug, status } of partners) {
    const one = await server.ask('GET', `/api/v1/partners/${id}`, { key: secret })
    stats.push({ email, slug, status, ...one.body.stats })
  }
  const { db } = server.desk().database
  const own = <T extends { programId: string }>(rows: T[]) => rows.filter(each => each.programId === program.id)
  const codes = own(await db.selectFrom('codes').selectAll().execute())
  const referrals = own(await db.selectFrom('referrals').selectAll().execute())
  const customers = new Map(own(await db.selectFrom('customers').selectAll().execute()).map(each => [each.id, each]))
  const sorted = <T>(rows: T[]) => rows.map(each => JSON.stringify(each)).sort()
  return {
    partners: sorted(stats),
    codes: sorted(codes.map(each => [each.code, emails.get(each.partnerId ?? ''), each.retiredAt])),
    referrals: sorted(
      referrals.map(each => {
        const { externalId, email } = customers.get(each.customerId) ?? {}
        return [externalId, email, emails.get(each.partnerId ?? ''), each.code, each.createdAt, each.qualifiedAt]
      }),
    ),
    commissions: sorted(
      commissions.map(each => {
        const { partnerId, amount, currency, status, occurredAt, availableAt, period } = each
        return [emails.get(partnerId), amount, currency, status, occurredAt, availableAt, period]
      }),
    ),
    payouts: sorted(payouts.map(each => [emails.get(each.partnerId), each.amount, each.status, each.paidAt])),
  }
}

/** Every balance made again from the journal; what the books come to where they are right. */
export async function verified(server: TestServer, { program, secret }: TestProgram) {
  const { body } = await server.ask('GET', `/v1/apps/${program.id}/ledger/verify`, { key: secret })
  const ledger = v.parse(Ledger, body)
  expect(ledger.findings).toEqual([])
  expect(ledger.ok).toBe(true)
  return ledger
}
