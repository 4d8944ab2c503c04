import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fill } from '../../bench/fill.ts'
import { type Prepared, prepare, sellOne, sessionOf, signIn } from '../../bench/program.ts'
import { testServer } from '../support/server.ts'

// What is measured on must be what the server itself would have made of so many clicks.
test('A database that is filled for a measurement agrees with itself, and is read as any other', async () => {
  const server = await testServer()
  const folder = mkdtempSync(join(tmpdir(), 'mislata-fill-'))
  chmodSync(folder, 0o755)
  try {
    const own: Prepared = await prepare(server.url(), 1)
    await sellOne(server.url(), own.token)
    const now = server.clock.now.getTime()
    const filled = { clicks: 5_000, partners: 40, folder, programId: own.programId, now, say: () => {} }
    await server.restart(() => fill(server.database.url, filled))

    const token = await signIn(server.url())
    const ask = async (path: string, token: string) => {
      const reply = await server.ask('GET', path, { token })
      expect([path, reply.status]).toEqual([path, 200])
      return reply.body
    }
    const stats = await ask(`/v1/apps/${own.programId}/stats?from=2025-03-10&to=2026-03-10`, token)
    // Of a hundred clicks two are bots'; one in fifty is followed by a signup, and every second of those pays.
    expect(stats).toMatchObject({ clicks: 4_900, signups: 100, conversions: 50 })
    const [first] = stats.topPartners
    expect(first.earned[0].amount).toBeGreaterThan(0)
    const sum = (of: string) => stats.byDay.reduce((sum: number, day: Record<string, number>) => sum + (day[of] ?? 0), 0)
    expect([sum('clicks'), sum('conversions')]).toEqual([4_900, 50])
    const owed = stats.liabilities[0]
    expect(owed.pending + owed.approved + owed.held).toBe(stats.commissions[0].amount)

    const customerId = `member_${first.code.slice('MEMBER'.length)}`
    const dashboard = await ask('/v1/affiliate/dashboard?days=366', await sessionOf(server.url(), own.secret, customerId))
    expect(dashboard.stats).toMatchObject({ clicks: first.clicks, signups: first.signups, conversions: first.conversions })
    expect(Math.round(dashboard.affiliate.totalEarned * 100)).toBe(first.earned[0].amount)
    expect(dashboard.commissions).toHaveLength(first.conversions)

    const funnel = await ask(`/admin/referrals/stats?appId=${own.programId}`, token)
    expect(funnel).toMatchObject({ clicks: 4_900, signups: 100, qualified: 50 })
    const books = await ask(`/v1/apps/${own.programId}/ledger/verify`, token)
    expect(books).toMatchObject({ ok: true, transactions: 50 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await server.stop()
  }
}, 120_000)
