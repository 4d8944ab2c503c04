/** What a program pays, in parts that are formatted already. */
export type Pay = { share: string; flat: boolean; months: number | null; payments: number | null }

// Every sentence of the form and of the states. A host replaces any of them through the element's `wording`.
export const en = {
  loading: 'Loading',
  optional: 'optional',
  retry: 'Try again',

  applyTitle: 'Become a partner',
  applyLead: (pay: Pay) =>
    `Earn ${pay.share} ${pay.flat ? 'for' : 'of'} every payment by the customers you bring${paidFor(pay)}.`,
  name: 'Name',
  email: 'E-mail',
  website: 'Website',
  reason: (program: string) => `Where will you share ${program}?`,
  choose: 'Choose',
  apply: 'Apply',
  applying: 'Sending…',
  terms: { before: 'By applying you accept the ', link: 'partner terms', after: '.' },
  problems: (count: number) => `${count} answers need another look`,
  nameMissing: 'Give your name.',
  emailMissing: 'Give your e-mail address.',
  emailWrong: 'That address is not complete: something like jane@example.com.',
  addressWrong: 'That is not a web address: something like https://example.com.',
  answerMissing: 'This one is needed.',

  steps: ['Sent', 'In review', 'Answer'] as [string, string, string],
  pendingState: 'In review',
  pendingTitle: 'Your application is in',
  pendingText: (program: string) =>
    `${program || 'The company'} is looking at it. The answer appears here by itself. If you applied with this address before, look in your mail.`,
  rejectedState: 'Not accepted',
  rejectedTitle: 'Your application was not accepted',
  rejectedText: 'No reason was given.',
  rejectedReason: 'What they wrote',
  approvedState: 'Accepted',
  approvedTitle: 'You are in',
  approvedText: (program: string) =>
    `${program || 'The company'} has accepted you as a partner. Sign in to see your link and what it earns.`,
  approvedCode: 'Your code',
  noneTitle: 'You have not applied yet',
  noneText: (program: string) => `Once you apply to ${program || 'the programme'}, the answer appears here.`,
  noneAction: 'Apply now',
  notPartnerText: 'Your dashboard appears here as soon as you are a partner.',
  deactivatedState: 'Deactivated',
  deactivatedTitle: 'Your partnership has ended',
  deactivatedText:
    'Your link no longer earns. For questions about what it earned before, write to the company that runs the programme.',
  signedOutTitle: 'Sign in to see your dashboard',
  signedOutText: 'Your link, your clicks and your earnings appear here once you are signed in.',
  visit: (program: string) => `Go to ${program}`,

  failedTitle: 'This could not be loaded',
  failures: {
    offline: { title: 'You are offline', text: 'Try again once you are connected.' },
    unreachable: { text: 'The server cannot be reached. Try again in a moment.' },
    session_ended: { title: 'Your session has ended', text: 'Sign in again to go on.' },
    token_failed: { text: 'Your sign-in could not be confirmed. Try again, or sign in once more.' },
    missing_key: { text: 'This page has not said whose programme it shows: the element needs a publishable-key.' },
    origin_not_allowed: { text: 'This site may not show the programme yet. Its owner adds it to the allowed origins.' },
    no_credential: { text: 'The key on this page is not valid. Its owner can make a new one.' },
    bad_credential: { text: 'The key on this page is not valid. Its owner can make a new one.' },
    wrong_credential: { text: 'The key on this page is of the wrong kind: the element needs a publishable one.' },
  } as Record<string, { title?: string; text: string }>,
  failed: 'Something went wrong on our side. Try again in a moment.',
  tooMany: (seconds: number) =>
    `That was too often. Try again in ${seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`}.`,
}

/** `, for 12 months`; nothing where it has no end. */
export function paidFor({ months, payments }: Pay): string {
  if (months) return months === 1 ? ', for one month' : `, for ${months} months`
  if (payments) return payments === 1 ? ', for the first payment' : `, for the first ${payments} payments`
  return ''
}
