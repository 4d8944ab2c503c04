import { mailKinds, mailLanguages, neededMails } from '../../server/contract/mails.ts'

type Option = readonly [value: string, name: string]

/** How a setting is asked for. `path` is its name in the API; a group's part has a dot. */
export type SettingField = {
  path: string
  label: string
  kind: 'text' | 'url' | 'email' | 'number' | 'money' | 'choice' | 'check' | 'lines' | 'rates' | 'minimums' | 'ticks'
  hint?: string
  unit?: string
  options?: readonly Option[]
  /** May be left empty, and is then null. */
  optional?: boolean
  /** Says where money goes, or whose word is taken: an owner's. */
  own?: boolean
}

export type SettingGroup = { path: string; name: string; text: string; fields: readonly SettingField[] }

const verdicts: readonly Option[] = [
  ['hold', 'Hold it for review'],
  ['flag', 'Note it, and go on'],
  ['off', 'Do not look'],
]

const languageNames: Record<(typeof mailLanguages)[number], string> = {
  en: 'English',
  es: 'Spanish',
  de: 'German',
  fr: 'French',
  pt: 'Portuguese',
  ja: 'Japanese',
  ar: 'Arabic',
}

const offable = mailKinds.filter(kind => !neededMails.some(each => each === kind))

export const groups: readonly SettingGroup[] = [
  {
    path: '',
    name: 'Program',
    text: 'What it is called, and where it runs.',
    fields: [
      { path: 'name', label: 'Name', kind: 'text' },
      { path: 'siteUrl', label: 'Your site', kind: 'url', hint: 'Where links of partners lead.' },
      {
        path: 'allowedOrigins',
        label: 'Sites that may use the publishable key',
        kind: 'lines',
        optional: true,
        hint: 'One a line, such as https://acme.com: where the snippet and the widget stand, besides your site.',
      },
      { path: 'currency', label: 'Currency', kind: 'text', hint: 'Of amounts that say none. What is booked keeps its own.' },
      { path: 'timeZone', label: 'Time zone', kind: 'text', hint: 'When a day begins and a month ends, such as Europe/Madrid.' },
      {
        path: 'mode',
        label: 'Mode',
        kind: 'choice',
        options: [
          ['live', 'Live'],
          ['test', 'Test: sends no money, and its clock can be moved'],
        ],
      },
    ],
  },
  {
    path: 'terms',
    name: 'Commission',
    text: 'What partners earn, and for which customers. A changed rate holds for customers who come from now on; those who came before keep theirs.',
    fields: [
      {
        path: 'commission.type',
        label: 'Commission',
        kind: 'choice',
        options: [
          ['percent', 'A share of what is paid'],
          ['flat', 'The same for every payment'],
        ],
      },
      { path: 'defaultCommissionRate', label: 'Rate', kind: 'number', unit: '%' },
      { path: 'commission.flatAmount', label: 'Amount, where it is the same for all', kind: 'money', optional: true },
      {
        path: 'commission.recurringMonths',
        label: 'For how many months',
        kind: 'number',
        optional: true,
        hint: 'From the first payment of a customer on. Empty: without end.',
      },
      {
        path: 'commission.recurringPayments',
        label: 'For how many payments',
        kind: 'number',
        optional: true,
        hint: 'Empty: for all.',
      },
      { path: 'commission.maxPerCustomer', label: 'At most, for one customer', kind: 'money', optional: true },
      {
        path: 'commission.products',
        label: 'Rates of products',
        kind: 'rates',
        optional: true,
        hint: 'One a line: the product, then its rate in percent, such as prod_pro 25.',
      },
      { path: 'holdingPeriodDays', label: 'Held before it can be paid', kind: 'number', unit: 'days' },
      { path: 'cookieDurationDays', label: 'A click counts for', kind: 'number', unit: 'days' },
      {
        path: 'attribution',
        label: 'Of several clicks',
        kind: 'choice',
        options: [
          ['last', 'The last counts'],
          ['first', 'The first counts'],
        ],
      },
      { path: 'couponBeatsClick', label: "A partner's discount code counts more than a click", kind: 'check' },
    ],
  },
  {
    path: 'payouts',
    name: 'Payouts',
    text: 'When partners are paid, and from where.',
    fields: [
      {
        path: 'minPayoutAmount',
        label: 'Minimum',
        kind: 'number',
        hint: "In the program's currency. What is below is carried on.",
      },
      {
        path: 'minPayoutAmounts',
        label: 'Minimum in other currencies',
        kind: 'minimums',
        optional: true,
        hint: 'One a line, such as JPY 5000. Where nothing is said, the same number as above.',
      },
      {
        path: 'payoutMethods',
        label: 'Partners may choose to be paid by',
        kind: 'ticks',
        optional: true,
        options: [
          ['paypal', 'PayPal'],
          ['bank_transfer', 'Bank transfer'],
          ['crypto', 'Crypto'],
          ['stripe', 'Stripe, where their account is connected'],
        ],
      },
      {
        path: 'payoutCoolingDays',
        label: 'After a partner has changed that itself, nothing is paid for',
        kind: 'number',
        unit: 'days',
        hint: 'So that the partner has time to read of it, in case it was somebody else.',
      },
      { path: 'payAfterDeactivation', label: 'Partners who are deactivated are still paid what they have earned', kind: 'check' },
      {
        path: 'sepa.debtorName',
        label: 'Account holder',
        kind: 'text',
        optional: true,
        own: true,
        hint: 'For SEPA files. Empty: the name of the program.',
      },
      { path: 'sepa.iban', label: 'IBAN to pay from', kind: 'text', optional: true, own: true },
      { path: 'sepa.bic', label: 'BIC', kind: 'text', optional: true, own: true, hint: 'Only where your bank asks for it.' },
    ],
  },
  {
    path: 'review',
    name: 'Review',
    text: 'What is let through, and what waits for somebody to look at it.',
    fields: [
      { path: 'autoApprove', label: 'Every application is approved at once', kind: 'check' },
      { path: 'fraud.selfReferral', label: 'Somebody refers themselves', kind: 'choice', options: verdicts },
      { path: 'fraud.disposableEmail', label: 'A disposable address', kind: 'choice', options: verdicts },
      { path: 'fraud.paidAds', label: 'A click from an advertisement', kind: 'choice', options: verdicts },
      { path: 'fraud.velocity', label: 'Far more signups than usual', kind: 'choice', options: verdicts },
    ],
  },
  {
    path: 'rewards',
    name: 'Rewards',
    text: 'What customers get for bringing their friends, in credits of your product.',
    fields: [
      { path: 'rewards.enabled', label: 'Customers get rewards', kind: 'check' },
      { path: 'rewards.referrerCredits', label: 'For who brings somebody', kind: 'number', unit: 'credits' },
      { path: 'rewards.referredCredits', label: 'For who is brought', kind: 'number', unit: 'credits' },
      {
        path: 'rewards.qualifyOn',
        label: 'They are earned',
        kind: 'choice',
        options: [
          ['first_payment', 'With the first payment'],
          ['signup', 'With the signup'],
        ],
      },
      {
        path: 'rewards.maxPerReferrer',
        label: 'At most, for one customer',
        kind: 'number',
        unit: 'rewards',
        optional: true,
        hint: 'Empty: without end.',
      },
      {
        path: 'rewards.review',
        label: 'Somebody looks at',
        kind: 'choice',
        options: [
          ['flagged', 'What is odd'],
          ['all', 'Every referral'],
          ['off', 'None'],
        ],
      },
      {
        path: 'rewards.grantUrl',
        label: 'Where your product grants credits',
        kind: 'url',
        optional: true,
        own: true,
        hint: 'It gets a signed POST for each reward. Empty: credits are kept here.',
      },
    ],
  },
  {
    path: 'look',
    name: 'Look and mail',
    text: 'How the widget, the portal and the mails look, and what is sent.',
    fields: [
      { path: 'brand.logoUrl', label: 'Logo', kind: 'url', optional: true, hint: 'The https address of a picture.' },
      { path: 'brand.accent', label: 'Colour', kind: 'text', hint: 'Such as #0f766e. Text on it is chosen to be readable.' },
      {
        path: 'brand.termsUrl',
        label: 'Terms for partners',
        kind: 'url',
        optional: true,
        hint: 'Whoever applies agrees to them.',
      },
      {
        path: 'mails.language',
        label: 'Language of mails',
        kind: 'choice',
        options: mailLanguages.map(each => [each, languageNames[each]]),
      },
      { path: 'mails.replyTo', label: 'Answers go to', kind: 'email', optional: true },
      {
        path: 'mails.off',
        label: 'Mails that are not sent from here',
        kind: 'ticks',
        optional: true,
        options: offable.map(each => [each, each.charAt(0).toUpperCase() + each.slice(1).replaceAll('_', ' ')]),
      },
    ],
  },
  {
    path: 'developer',
    name: 'For developers',
    text: 'Whose word is taken for who somebody is, and how webhooks are signed.',
    fields: [
      {
        path: 'identity.jwksUrl',
        label: 'Keys of your identity provider',
        kind: 'url',
        optional: true,
        own: true,
        hint: 'The address of its JWKS.',
      },
      { path: 'identity.issuer', label: 'Issuer', kind: 'text', optional: true, own: true },
      { path: 'identity.audience', label: 'Audience', kind: 'text', optional: true, own: true },
      {
        path: 'webhooks.signatureHeader',
        label: 'Header of the signature',
        kind: 'text',
        hint: 'Such as x-acme-signature. The standard webhook-signature is sent beside it.',
      },
    ],
  },
]
