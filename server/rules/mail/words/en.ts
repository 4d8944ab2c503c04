import type { Language } from './words.ts'

export const en: Language = {
  mails: {
    application_received: {
      subject: '{program}: your application has arrived',
      title: 'Your application has arrived',
      body: [
        'Thank you for applying to the partner programme of {program}.',
        'It will be read, and you will get the answer at this address. There is nothing else to do.',
      ],
      note: 'Was this not you? Then somebody has typed your address. You need not do anything.',
    },
    application_known: {
      subject: 'You have already applied to {program}',
      title: 'You have already applied',
      body: [
        'Somebody, probably you, has applied to {program} with this address, which we already know.',
        'Your first application stands, and nothing needs to be done.',
      ],
    },
    application_approved: {
      subject: 'Welcome to the partner programme of {program}',
      title: 'You are a partner now',
      body: ['{program} has approved your application.', 'Share your link. Whoever comes by it and buys is counted as yours.'],
      act: 'Open your portal',
      note: 'The portal asks for this address, and sends you a link to sign in.',
    },
    application_rejected: {
      subject: 'Your application to {program}',
      title: 'Not this time',
      body: [
        'Thank you for your interest in {program}. Your application was read, and was not accepted.',
        'The reason that was given: {reason}',
      ],
    },
    portal_link: {
      subject: 'Your way into the partner portal of {program}',
      title: 'Sign in to your portal',
      body: [
        'Somebody, hopefully you, has asked for a link into the partner portal of {program}.',
        'It works once, for 10 minutes, and is best opened in the browser that asked for it.',
      ],
      act: 'Sign in',
      note: 'Did you not ask for it? Then leave it. Nobody gets in without this mail, so do not pass it on.',
    },
    first_commission: {
      subject: 'Your first commission from {program}',
      title: 'Your first commission',
      body: ['Somebody has bought through you. That is your first commission from {program}, and we hope not the last.'],
      act: 'Open your portal',
    },
    commission_reversed: {
      subject: '{program}: a commission was taken back',
      title: 'A commission was taken back',
      body: [
        'A commission of yours, or a part of it, does not count any more. If it was paid already, your next payout is lower.',
      ],
      act: 'Open your portal',
    },
    commission_restored: {
      subject: '{program}: a commission counts again',
      title: 'A commission counts again',
      body: ['What had been taken back from a commission of yours has been added again.'],
      act: 'Open your portal',
    },
    payout_sent: {
      subject: '{program} has paid you {amount}',
      title: 'You have been paid',
      body: ['{program} has sent you a payout. Banks and services may take some days until you see it.'],
      act: 'Open your portal',
    },
    payout_failed: {
      subject: '{program}: your payout did not arrive',
      title: 'Your payout did not arrive',
      body: [
        'Nothing is lost: what was in it is yours still, and will be in a later payout.',
        'Check your payout details, so that the next one arrives.',
      ],
      act: 'Open your portal',
    },
    payout_details_changed: {
      subject: '{program}: your details were changed',
      title: 'Your details were changed',
      body: [
        'The address that you are reached at, or how you are paid by {program}, was changed. This is how it is now.',
        'Was this not you, nor agreed with you? Then tell {program} at once: {contact}',
      ],
      note: 'This mail goes to the addresses from before and after the change.',
    },
    monthly_statement: {
      subject: '{program}: your statement for {month}',
      title: '{month}',
      body: ['This is what the month came to for you at {program}.'],
      act: 'Open your portal',
      note: 'Refunds that come later are counted in a later month.',
    },
    endpoint_disabled: {
      subject: '{program}: a webhook was switched off',
      title: 'A webhook was switched off',
      body: ['Nothing is sent to this endpoint any more.', 'When it answers again, enable it, and replay what it has missed.'],
    },
  },
  labels: {
    code: 'Your code',
    link: 'Your link',
    amount: 'Amount',
    availableAt: 'To be paid from',
    remaining: 'What is left of it',
    reason: 'Reason',
    method: 'Paid by',
    reference: 'Reference',
    address: 'Your address',
    payoutEmail: 'Address for payouts',
    account: 'Account',
    changedAt: 'Changed',
    earned: 'Earned',
    paid: 'Paid to you',
    clicks: 'Clicks',
    signups: 'Signups',
    sales: 'Payments',
    endpoint: 'Endpoint',
    since: 'Switched off',
  },
  reasons: {
    refund: 'The customer was refunded',
    refund_failed: 'A refund to the customer did not go through',
    dispute_lost: 'The customer’s bank took the payment back',
    dispute_won: 'The customer’s bank gave the payment back',
    limit: 'An earlier payment became known, and so this one is beyond the limit',
    rejected: 'The programme did not accept it',
    gone: 'It answered that it is gone for good (410)',
    failing: 'It has answered with nothing but failures for five days',
  },
  methods: { bank_transfer: 'Bank transfer', crypto: 'Cryptocurrency' },
  foot: '{program} writes to this address because of its partner programme.',
  open: '{act}:',
}
