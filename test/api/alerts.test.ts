import { afterAll, beforeAll, expect, test } from 'vitest'
import { jobs } from '../../server/jobs/index.ts'
import type { Outcome } from '../../server/rules/sending.ts'
import { read } from '../support/files.ts'
import { type TestServer, testServer } from '../support/server.ts'

// The rules in docs/alerts.md are over what a server says of itself, name by name.
let server: TestServer
let figures: string
beforeAll(async () => {
  server = await testServer()
  await server.ask('GET', '/metrics')
  await server.ask('GET', '/v1/apps')
  figures = (await server.ask('GET', '/metrics')).text
})
afterAll(() => server?.stop())

const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(read('docs/alerts.md')) ?? []
const rules = [...block.matchAll(/- alert: (\w+)\n\s+expr: (?:\|\n([\s\S]*?)(?=\n +(?:for|labels):)|(.*))/g)].map(
  ([, name = '', long, short]) => ({ name, expression: (long ?? short ?? '').trim() }),
)

const OURS = /\b(?:mislata|process|nodejs)_[a-z0-9_]+/g

/** Names as Prometheus keeps them: of a histogram there are three. */
function known() {
  const types = [...figures.matchAll(/^# TYPE (\S+) (\w+)$/gm)]
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map(end => name + end) : [name],
    ),
  )
}

test('Each rule has a name of its own, an expression that closes what it opens, a severity, and what to do', () => {
  expect(rules.length).toBeGreaterThan(12)
  expect(new Set(rules.map(each => each.name)).size).toBe(rules.length)
  expect(block.match(/severity: (critical|warning)/g)).toHaveLength(rules.length)
  expect(block.match(/^ +summary: \S/gm)).toHaveLength(rules.length)
  expect(block.match(/^ +todo: \S/gm)).toHaveLength(rules.length)
  for (const { name, expression } of rules) {
    const count = (sign: string) => expression.split(sign).length
    for (const [opened, closed] of ['()', '{}', '[]']) expect(count(opened as string), name).toBe(count(closed as string))
    expect((expression.match(/"/g)?.length ?? 0) % 2, name).toBe(0)
  }
})

test('Each figure that a rule names is one of a running server', () => {
  const names = known()
  const unknown = rules.flatMap(({ name, expression }) =>
    (expression.match(OURS) ?? []).filter(each => !names.has(each)).map(each => `${name}: ${each}`),
  )
  expect(unknown).toEqual([])
  // Of what is the server's own, all that can go wrong has a rule.
  const used = new Set(rules.flatMap(each => each.expression.match(OURS) ?? []))
  for (const name of ['mislata_database_up', 'mislata_clicks_total', 'mislata_job_runs_total', 'mislata_outbox_waiting'])
    expect(used).toContain(name)
})

test('So is each kind, job, outcome and state by which a rule chooses', () => {
  const outcomes: Record<Outcome, true> = {
    ...{ done: true, pending: true, refused: true, not_sent: true },
    ...{ absent: true, repeatable: true, unknown: true, stopped: true },
  }
  const values: Record<string, string[]> = {
    kind: [...figures.matchAll(/^mislata_outbox_waiting\{kind="(\w+)"\}/gm)].map(([, kind = '']) => kind),
    exported_job: jobs({ mailer: { send: async () => ({ outcome: 'sent' }), close: () => {} }, publicUrl: () => '' }).map(
      each => each.name,
    ),
    outcome: ['new', 'repeated', 'failed', 'refused', ...Object.keys(outcomes)],
    status: ['5xx'],
    state: ['open', 'idle', 'wanted'],
    job: ['mislata'],
  }
  expect(values.kind).toContain('payouts_in_doubt')
  for (const { name, expression } of rules)
    for (const [, label = '', wanted = ''] of expression.matchAll(/(\w+)=~?"([^"]*)"/g))
      for (const each of wanted.split('|')) expect(values[label], `${name}: ${label}`).toContain(each)
})
