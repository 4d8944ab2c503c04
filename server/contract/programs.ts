import * as v from 'valibot'
import { Bic, Iban } from './iban.ts'
import { MailSettings } from './mails.ts'
import { Currency, exponent, Minor, Percent } from './money.ts'
import { PayoutMethod } from './partners.ts'
import { Instant, line, notList, Origin, Time, WebUrl } from './text.ts'
import { SignatureHeader } from './webhooks.ts'

const days = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max))
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))
const credits = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000_000))
const Verdict = v.picklist(['off', 'flag', 'hold'])

const TimeZone = v.pipe(v.string(), v.maxLength(64), v.check(isTimeZone, 'Give an IANA time zone such as Europe/Madrid.'))
const Accent = v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/, 'Give a colour such as #0f766e.'))

/** One question that the application form asks besides the usual ones. */
export const ApplyField = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, 'Begin with a small letter; letters, digits and _ only.')),
  label: line(120),
  type: v.optional(v.picklist(['text', 'textarea', 'select', 'url']), 'text'),
  required: v.optional(v.boolean(), false),
  options: v.optional(v.array(line(80)), () => []),
})

export const Commission = v.strictObject({
  type: v.optional(v.picklist(['percent', 'flat']), 'percent'),
  flatAmount: v.optional(v.nullable(Minor), null),
  recurringMonths: v.optional(v.nullable(count), null),
  recurringPayments: v.optional(v.nullable(count), null),
  maxPerCustomer: v.optional(v.nullable(Minor), null),
  products: v.optional(v.pipe(v.array(v.strictObject({ productId: line(255), rate: Percent })), v.maxLength(500)), () => []),
})

const Minimum = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000))

// A list, so that a change puts another in its place.
const MinimumByCurrency = v.pipe(
  v.array(
    v.pipe(
      v.strictObject({ currency: Currency, amount: v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000_000)) }),
      v.check(({ currency, amount }) => hasDecimals(amount, currency), 'The currency has not that many decimals.'),
    ),
  ),
  v.maxLength(50),
  v.check(all => new Set(all.map(each => each.currency)).size === all.length, 'Name a currency once.'),
)

// How partners may choose to be paid by themselves. A host may still say any method of a partner.
const PayoutMethods = v.pipe(
  v.array(PayoutMethod),
  v.check(all => new Set(all).size === all.length, 'Name a method once.'),
)

/**
 * Everything a program can be told, with what holds where nothing is said.
 * `minPayoutAmount` is in major units of `currency`, and `minPayoutAmounts` in those of each of its own; `flatAmount` and `maxPerCustomer` are in minor units;
 * rates are percentages.
 */
export const Settings = v.pipe(
  v.strictObject({
    name: line(120),
    siteUrl: WebUrl,
    allowedOrigins: v.optional(v.pipe(v.array(Origin), v.maxLength(50)), () => []),
    currency: Currency,
    timeZone: v.optional(TimeZone, 'UTC'),
    mode: v.optional(v.picklist(['live', 'test']), 'live'),
    defaultCommissionRate: v.optional(Percent, 20),
    holdingPeriodDays: v.optional(days(365), 30),
    minPayoutAmount: v.optional(Minimum, 50),
    minPayoutAmounts: v.optional(MinimumByCurrency, () => []),
    payoutMethods: v.optional(PayoutMethods, () => ['paypal', 'bank_transfer', 'stripe'] as const),
    payoutCoolingDays: v.optional(days(60), 3),
    cookieDurationDays: v.optional(v.pipe(days(400), v.minValue(1)), 30),
    attribution: v.optional(v.picklist(['last', 'first']), 'last'),
    autoApprove: v.optional(v.boolean(), false),
    payAfterDeactivation: v.optional(v.boolean(), false),
    couponBeatsClick: v.optional(v.boolean(), true),
    commission: v.optional(notList(Commission), {}),
    rewards: v.optional(
      notList(
        v.strictObject({
          enabled: v.optional(v.boolean(), false),
          referrerCredits: v.optional(credits, 0),
          referredCredits: v.optional(credits, 0),
          qualifyOn: v.optional(v.picklist(['first_payment', 'signup']), 'first_payment'),
          maxPerReferrer: v.optional(v.nullable(count), null),
          review: v.optional(v.picklist(['off', 'flagged', 'all']), 'flagged'),
          grantUrl: v.optional(v.nullable(WebUrl), null),
        }),
      ),
      {},
    ),
    fraud: v.optional(
      notList(
        v.strictObject({
          selfReferral: v.optional(Verdict, 'hold'),
          disposableEmail: v.optional(Verdict, 'flag'),
          paidAds: v.optional(Verdict, 'flag'),
          velocity: v.optional(Verdict, 'flag'),
        }),
      ),
      {},
    ),
    identity: v.optional(
      notList(
        v.strictObject({
          jwksUrl: v.optional(v.nullable(WebUrl), null),
          issuer: v.optional(v.nullable(line(300)), null),
          audience: v.optional(v.nullable(line(300)), null),
        }),
      ),
      {},
    ),
    brand: v.optional(
      notList(
        v.strictObject({
          logoUrl: v.optional(v.nullable(WebUrl), null),
          accent: v.optional(Accent, '#0f766e'),
          termsUrl: v.optional(v.nullable(WebUrl), null),
          applyFields: v.optional(v.pipe(v.array(ApplyField), v.maxLength(20)), () => []),
        }),
      ),
      {},
    ),
    mails: v.optional(MailSettings, {}),
    sepa: v.optional(
      notList(
        v.strictObject({
          debtorName: v.optional(v.nullable(line(140)), null),
          iban: v.optional(v.nullable(Iban), null),
          bic: v.optional(v.nullable(Bic), null),
        }),
      ),
      {},
    ),
    webhooks: v.optional(
      notList(
        v.strictObject({
          // Where nothing is said the installation's name holds, and is what a reply shows.
          signatureHeader: v.optional(SignatureHeader),
        }),
      ),
      {},
    ),
  }),
  v.forward(
    v.check(
      settings => settings.commission.type === 'percent' || settings.commission.flatAmount !== null,
      'A flat commission needs flatAmount, in minor units.',
    ),
    ['commission'],
  ),
  v.forward(
    v.check(
      settings => settings.minPayoutAmounts.every(each => each.currency !== settings.currency),
      "minPayoutAmount is the one in the program's own currency.",
    ),
    ['minPayoutAmounts'],
  ),
)
export type Settings = v.InferOutput<typeof Settings>

/** PATCH /v1/apps/:appId: any of the settings, and of a group any part. What is left out stays as it is. */
export const ProgramChange = changeOf(Settings.pipe[0].entries)

export const Program = v.object({ id: v.string(), ...Settings.entries, createdAt: Instant })
export type Program = v.InferOutput<typeof Program>

export const ProgramList = v.object({ data: v.array(Program), nextCursor: v.nullable(v.string()) })

/** What a page may know of a program before anybody signs in: what it pays and how it looks. */
export const PublicProgram = v.object({
  name: v.string(),
  siteUrl: v.string(),
  currency: v.string(),
  commission: v.object({
    type: v.picklist(['percent', 'flat']),
    rate: v.number(),
    flatAmount: v.nullable(v.number()),
    recurringMonths: v.nullable(v.number()),
    recurringPayments: v.nullable(v.number()),
  }),
  holdingPeriodDays: v.number(),
  minPayoutAmount: v.number(),
  cookieDurationDays: v.number(),
  attribution: v.picklist(['last', 'first']),
  brand: v.object({
    logoUrl: v.nullable(v.string()),
    accent: v.string(),
    termsUrl: v.nullable(v.string()),
    applyFields: v.array(ApplyField),
  }),
})
export type PublicProgram = v.InferOutput<typeof PublicProgram>

/** POST /v1/apps/:appId/clock */
export const AdvanceClock = v.object({ advanceTo: Time })
export const Clock = v.object({ now: Instant })

function hasDecimals(amount: number, currency: string) {
  const minor = amount * 10 ** exponent(currency)
  return Math.abs(minor - Math.round(minor)) < 1e-6
}

const knownZones = new Set<string>()

// To ask costs a hundred times what remembering does, and a program's settings are read again and again.
function isTimeZone(name: string) {
  if (knownZones.has(name)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    if (knownZones.size < 1_000) knownZones.add(name)
    return true
  } catch {
    return false
  }
}

type Entries = Record<string, v.GenericSchema>

// Without the defaults, which would take back what is not named. What no setting is called, the settings themselves refuse.
function changeOf(
  entries: Entries,
): v.LooseObjectSchema<Record<string, v.OptionalSchema<v.GenericSchema, undefined>>, undefined> {
  const changes = Object.entries(entries).map(([name, entry]) => {
    const setting = 'wrapped' in entry ? (entry.wrapped as v.GenericSchema) : entry
    return [name, v.optional('entries' in setting ? notList(changeOf(setting.entries as Entries)) : setting)] as const
  })
  return v.looseObject(Object.fromEntries(changes))
}
