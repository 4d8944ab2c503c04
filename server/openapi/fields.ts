import type { JsonSchema } from './schemas.ts'

const settings = {
  name: 'What partners and customers know the program as.',
  siteUrl: 'Where partner links lead.',
  allowedOrigins: 'The sites whose pages may use a publishable key or a session.',
  currency: 'ISO 4217. What balances and payouts are shown in.',
  timeZone: 'IANA. Where days and months begin.',
  mode: 'A `test` program has a clock of its own, and no transfer leaves it.',
  defaultCommissionRate: 'In percent.',
  holdingPeriodDays: 'How long a commission waits before it may be paid.',
  minPayoutAmount: 'In major units of `currency`. What is below it waits for the next payout.',
  minPayoutAmounts:
    'For single currencies another minimum, in their own major units. In all others `minPayoutAmount` is the number.',
  payoutMethods: 'How partners may choose to be paid by themselves. `stripe` needs an account that is connected.',
  payoutCoolingDays: 'How long nothing is paid out to a partner that has just changed itself how it is paid.',
  cookieDurationDays: 'How long after a click a signup counts as referred.',
  attribution: 'Which click a signup belongs to where there were several.',
  autoApprove: 'Applications are approved as they come.',
  payAfterDeactivation: 'Whether customers whom a partner referred before it was deactivated go on earning.',
  couponBeatsClick: 'Whether a code that is typed at the checkout goes before the click.',
  'commission.type': 'A share of each payment, or the same amount for each.',
  'commission.flatAmount': 'In minor units; for `flat`.',
  'commission.recurringMonths': 'For how long after the first payment later ones earn; null is without end.',
  'commission.recurringPayments': 'How many payments of a customer earn; null is without end.',
  'commission.maxPerCustomer': 'In minor units; null is without end.',
  'commission.products': 'Rates for single products, in percent.',
  'rewards.enabled': 'Whether customers get credits for referring customers.',
  'rewards.qualifyOn': 'When a referral has earned its credits.',
  'rewards.maxPerReferrer': 'How many rewards a customer can get; null is without end.',
  'rewards.review': 'Which referrals wait for a decision before credits are granted.',
  'rewards.grantUrl': 'Where grants are posted to; null keeps credits in this server’s own balance.',
  'sepa.debtorName': 'Whose account SEPA files pay from; null is the program’s name.',
  'sepa.iban': 'The account that SEPA files pay from.',
  'sepa.bic': 'Its bank, where that asks for it.',
  fraud: 'For each sign: look away, mark the referral, or hold what it earns.',
  identity: 'The host’s own identity provider, whose tokens are then taken as sessions.',
  'brand.accent': 'The colour of buttons and links.',
  'brand.applyFields': 'What the application form asks beside the usual.',
  'webhooks.signatureHeader': 'What the header with the documented signature is called.',
}

const mailSettings = {
  language: 'What mails are written in; it also says how they write amounts and dates.',
  replyTo: 'Where answers to mails go; null is the sender.',
  off: 'Mails that are not sent.',
}

// What a field is for, where its name and limits do not say. By component, then by the way to the field.
export const knownFields: Record<string, Record<string, string>> = {
  Settings: settings,
  MailSettings: mailSettings,
  ProgramChange: settings,
  NewSession: {
    customerId: 'The host’s own id for the customer.',
    expiresIn: 'Seconds. 900 where nothing is said; 3600 at most.',
  },
  NewApiKey: { name: 'Where the key is used, to tell it from others.' },
  NewApplication: { answers: 'To the program’s own `brand.applyFields`, by their names.', reason: 'Why they would like to.' },
  NewPartner: {
    slug: 'The first code: letters, digits and - _ . ~, a letter or digit first.',
    commission_pct: 'In percent. Goes before the program’s own rate.',
    payout_email: 'Where the money goes, if not to `email`.',
    metadata: 'The host’s own, 8 KB of JSON at most.',
  },
  PartnerChange: {
    slug: 'Another first code. The old one keeps working.',
    commission_pct: 'In percent; null is the program’s own rate again.',
    status: '`deactivated` stops the partner at once, `active` starts it again.',
  },
  PayoutSettingsChange: {
    iban: 'Of any country. Takes an account number away, as an account number takes an IBAN.',
    routingNumber: 'What the bank is known by, where there is no IBAN.',
    network: 'On which the wallet is, such as `ERC-20`.',
  },
  NewReferral: {
    customerId: 'The host’s own id for the customer who has signed up.',
    ref: 'The value of the cookie `mislata_ref` as it is.',
    code: 'A code, where there is no cookie.',
    clickId: 'A click’s id, where there is no cookie.',
    campaign: 'For the host’s own counting.',
  },
  NewConversion: {
    externalId: 'The host’s own id for the payment. Makes it count once, however often it is sent.',
    customerId: 'The host’s own id for the customer who has paid.',
    amount: 'In minor units, tax included: 59800 is 598.00 EUR.',
    currency: 'ISO 4217.',
    tax: 'Of `amount`, in minor units. Earns nothing.',
    discount: 'Of `amount`, in minor units, where it has not been taken off. Earns nothing.',
    productId: 'For rates of single products.',
    code: 'A code that was typed at the checkout.',
    occurredAt: 'When it was paid; now where nothing is said.',
  },
  NewRefund: {
    externalId: 'The host’s own id for the refund.',
    conversionExternalId: 'The `externalId` of the payment.',
    amount: 'In minor units; left out it is all that is left of the payment.',
  },
  NewAdjustment: { amount: 'In minor units, above or below zero.', note: 'Why. The partner reads it.' },
  NewStripeConnection: { webhookSecret: 'As Stripe shows it for the webhook endpoint: `whsec_…`.' },
  NewEndpoint: {
    url: 'https, and a public host.',
    events: 'Names of events, or `*` for all that there are and will be.',
    slowRetries: 'Whether what has failed four times is tried again for 72 hours.',
  },
  EndpointChange: { disabled: 'true pauses the endpoint, false starts it again.' },
  Click: {
    code: 'What stood in `?ref=`.',
    url: 'The page’s address.',
    referrer: 'Where the visitor came from. Only its host is kept.',
    clickId: 'Made by the snippet, so that it can be sent again.',
    key: 'The publishable key, where no header can be sent.',
  },
}

/** Adds the words to the components that the document has. */
export function describeFields(schemas: Record<string, JsonSchema>) {
  for (const [component, fields] of Object.entries(knownFields)) {
    for (const schema of [schemas[component], schemas[`${component}Input`]]) {
      for (const [path, says] of Object.entries(fields)) {
        const field = fieldAt(schema, path)
        if (field) field.description = says
      }
    }
  }
}

/** A field of a schema, by its name or by the names that lead to it. */
export function fieldAt(schema: JsonSchema | undefined, path: string) {
  return path.split('.').reduce<JsonSchema | undefined>((within, name) => within?.properties?.[name], schema)
}
