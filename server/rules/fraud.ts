import type { Settings } from '../contract/programs.ts'
import type { FraudReason } from '../contract/rewards.ts'
import { disposableDomains } from './disposable-domains.ts'

/** What is known of a signup when it is attributed. */
export type Facts = {
  referredEmail: string | null
  /** Every address by which the one who gets the credit is known. */
  referrerEmails: string[]
  /** The code is the signed-up customer's own. */
  isOwnCode: boolean
  /** The visitor who clicked is the one through whom the referrer itself was referred. */
  isSameVisitor: boolean
  /** The customer has, at some remove, referred the one who now refers it. */
  isCircle: boolean
  /** As it was stored: cleaned, with `1` as the value of each ad network's flag. */
  landingUrl: string | null
  /** Signups of the same referrer before this one. */
  signups: { inHour: number; inDay: number }
  /** Whose code it is: a partner is expected to bring many. */
  by: 'customer' | 'partner'
}

type Verdicts = Settings['fraud']

/**
 * What is odd about a signup, as far as the program wants to know, and whether any of it is to be held: `off` is
 * ignored, `flag` is a reason, `hold` is a reason that holds. A circle counts as a referral of oneself.
 */
export function judge(facts: Facts, verdicts: Verdicts): { reasons: FraudReason[]; holds: boolean } {
  const found: [FraudReason, keyof Verdicts, boolean][] = [
    ['self_referral', 'selfReferral', isSelfReferral(facts)],
    ['circle', 'selfReferral', facts.isCircle],
    ['disposable_email', 'disposableEmail', !!facts.referredEmail && isDisposable(facts.referredEmail)],
    ['paid_ads', 'paidAds', isPaidVisit(facts.landingUrl)],
    ['velocity', 'velocity', isTooFast(facts)],
  ]
  const counting = found.filter(([, setting, is]) => is && verdicts[setting] !== 'off')
  return {
    reasons: counting.map(([reason]) => reason),
    holds: counting.some(([, setting]) => verdicts[setting] === 'hold'),
  }
}

function isSelfReferral({ isOwnCode, isSameVisitor, referredEmail, referrerEmails }: Facts) {
  if (isOwnCode || isSameVisitor) return true
  return !!referredEmail && referrerEmails.some(email => mailbox(email) === mailbox(referredEmail))
}

/**
 * The mailbox that an address leads to: without what is behind a plus, without Gmail's dots, in small letters.
 * `J.a.n.e+spring@googlemail.com` is `jane@gmail.com`.
 */
export function mailbox(email: string) {
  const folded = email.trim().normalize('NFKC').toLowerCase()
  const at = folded.lastIndexOf('@')
  const domain = domainOf(folded)
  const [local = ''] = folded.slice(0, at).split('+')
  // An address may begin with its plus; then that is its name.
  const name = local || folded.slice(0, at)
  return domain === 'gmail.com' || domain === 'googlemail.com' ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${domain}`
}

// One spelling for a domain's two: its own letters, and the ASCII that stands for them.
function domainOf(email: string) {
  const domain = email.slice(email.lastIndexOf('@') + 1).replace(/\.$/, '')
  return URL.parse(`http://${domain}`)?.hostname ?? domain
}

/** True for an address of a service that gives mailboxes away for minutes, or of one below its domain. */
export function isDisposable(email: string) {
  const parts = domainOf(email.trim().normalize('NFKC').toLowerCase()).split('.')
  return parts.some((_, from) => disposableDomains.has(parts.slice(from).join('.')))
}

// Flags that an address has only where the click was paid for. Facebook's fbclid is not one: it is put on every link that
// leads out of Facebook, a friend's post among them.
const paidFlags = ['gclid', 'gbraid', 'wbraid', 'dclid', 'msclkid', 'ttclid', 'twclid', 'li_fat_id', 'yclid']
const paidMedium = /^(cpc|ppc|cpm|paid|paid[-_ ]?(search|social|ads?))$/i

/** True where the address that was landed on says that an ad led there. */
export function isPaidVisit(url: string | null) {
  const query = url ? URL.parse(url)?.searchParams : null
  return !!query && (paidFlags.some(flag => query.has(flag)) || paidMedium.test(query.get('utm_medium') ?? ''))
}

// What one person's friends do in an hour, and what a partner's readers do.
const mostSignups = { customer: { inHour: 10, inDay: 30 }, partner: { inHour: 100, inDay: 500 } }

/** As many of a referrer's signups as have to be counted to know whether they come too fast. */
export const countedSignups = 500

function isTooFast({ signups, by }: Facts) {
  return signups.inHour >= mostSignups[by].inHour || signups.inDay >= mostSignups[by].inDay
}
