import { at, ids, later, page, person } from './sample.ts'
import type { Examples } from './shape.ts'

const eur = (amount: number) => [{ amount, currency: 'EUR' }]
const counts = { clicks: 214, signups: 9, conversions: 3 }
const email = { email: ['Their address.', person.email] } as const

export const reports: Examples = {
  'GET /v1/apps/{appId}/stats': {
    id: 'getStats',
    says: "What partners brought in, by day of the program's time zone, and what is owed now. The last 30 days where nothing is said.",
    query: { from: ['The first day.', '2026-03-01'], to: ['The last day.', '2026-03-31'] },
    replies: {
      200: {
        from: '2026-03-10',
        to: '2026-03-10',
        ...counts,
        conversionRate: 0.014,
        revenue: eur(179_400),
        commissions: eur(35_880),
        byDay: [{ day: '2026-03-10', ...counts, revenue: eur(179_400), commissions: eur(35_880) }],
        topPartners: [{ partnerId: ids.partner, name: person.name, code: 'jane', ...counts, earned: eur(35_880) }],
        partners: { invited: 1, active: 4, deactivated: 0 },
        applications: { pending: 2 },
        liabilities: [{ currency: 'EUR', pending: 11_960, approved: 23_920, held: 0 }],
      },
    },
  },
  'GET /v1/apps/{appId}/audit': {
    id: 'listAuditEntries',
    says: 'Who did what, newest first. Secrets are left out, and what a person is called stands as a mark.',
    query: {
      object: ['Only acts on this object.', ids.partner],
      action: ['Only acts of this kind.', 'partner.updated'],
      noun: ['Only acts on things of this kind: the first word of `action`.', 'partner'],
      actor: ['Only acts of this key, admin or customer.', ids.key],
      from: ['Only acts from this moment on.', at],
      to: ['Only acts before this moment.', later],
    },
    replies: {
      200: page({
        id: 'aud_1A2b3C4d5E6f7G8h9J1k2L',
        at,
        actor: { kind: 'secret', id: ids.key, label: null },
        action: 'partner.updated',
        object: ids.partner,
        before: { commission_pct: 20 },
        after: { commission_pct: 25 },
        requestId: '4f1c8a52-6c0e-4d0b-8a55-0d3c1f3f9f10',
      }),
    },
  },
  'GET /v1/apps/{appId}/export': {
    id: 'exportProgram',
    says: 'Everything of a program, one JSON object on each line. The first line says what follows; without the last, of type `end`, it has broken off.',
    query: { type: ['Only rows of this type.', 'partner'] },
    replies: { 200: { type: 'end', rows: 1042 } },
  },
  'POST /v1/apps/{appId}/import': {
    id: 'importProgram',
    says: 'The body is the file as it is: CSV, JSON, or one JSON object a line. Each line of the answer is one JSON object: what became of a row, how far it is, and last, of type `summary`, what it came to. The same file again changes nothing.',
    query: {
      from: ['Which system the file comes from.', 'rewardful'],
      kind: ['What its rows are, where the columns do not show it.', 'partners'],
      dryRun: ['`true` tells what would become of each row, and changes nothing.', 'true'],
      stopAtRefusal: ['`true` writes no batch in which a row is refused, and ends there.', 'false'],
      mapping: ['How to read it, as JSON: columns, amounts, dates, currency, statuses.', '{"dates":"dmy"}'],
    },
    files: {
      'text/csv': 'id,first_name,last_name,email,token\naff-1,Jane,Smith,jane@example.com,jane\n',
      'application/json': [{ id: 'aff-1', first_name: 'Jane', last_name: 'Smith', email: 'jane@example.com', token: 'jane' }],
      'application/x-ndjson': '{"id":"aff-1","first_name":"Jane","last_name":"Smith","email":"jane@example.com"}\n',
      'application/octet-stream': 'id,first_name,last_name,email,token\naff-1,Jane,Smith,jane@example.com,jane\n',
    },
    replies: { 200: { type: 'line', line: 2, noun: 'partner', key: 'jane', outcome: 'created', id: ids.partner } },
  },
  'GET /v1/apps/{appId}/people/{email}': {
    id: 'getPerson',
    says: 'Everything that a program holds on whoever goes by an address.',
    path: email,
    replies: { 200: { email: person.email, customers: [], partners: [], applications: [], deals: [], mails: [] } },
    may: ['person_not_found'],
  },
  'DELETE /v1/apps/{appId}/people/{email}': {
    id: 'erasePerson',
    says: 'Empties every row of the person. Amounts stay, without anybody’s name.',
    path: email,
    replies: { 200: { customers: 1, partners: 1, applications: 1, deals: 0, mails: 2, events: 5 } },
    may: ['person_not_found'],
  },
}
