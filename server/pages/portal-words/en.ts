export const en = {
  portal: 'Partner portal',
  partners: '{program} partners',
  signOut: 'Sign out',
  terms: 'Partner terms',
  noScript: 'The portal needs JavaScript. Turn it on for this page and load it again.',

  signIn: 'Sign in to your portal',
  signInText: 'Type the e-mail address that you are a partner with. You get a link that lets you in, once, within 10 minutes.',
  email: 'E-mail address',
  emailWrong: 'That is not an e-mail address. It looks like jane@example.com.',
  checkAddress: 'Check the address',
  send: 'Send me a link',
  orAccount: 'There may also be a link in your account at {program}.',
  asked: 'Look into your mail',
  askedText: 'If {email} is a partner’s address, a link is on its way to it. Open it in this browser within 10 minutes.',
  askedMore: 'Nothing there? Look among unwanted mail, and check the address.',
  another: 'Try another one',
  tooMany: 'Too many tries',
  tooManyText:
    'From here many links have been asked for. Wait a quarter of an hour, then ask again. Those that were sent still work.',

  notSignedIn: 'You are not signed in',
  signedOut: 'You are signed out',
  opens: 'The portal opens with a link that works once. You find one in your account at {program}.',
  opensElsewhere:
    'The portal opens with a link that works once. You find one in your account, with the company whose partner you are.',
  goTo: 'Go to {program}',

  door: 'Your partner portal',
  doorText: 'Your link, what it has brought, and what you are paid.',
  open: 'Open the portal',
  signInAs: 'You will be signed in as {email}.',
  signInHere: 'Sign in here?',
  signInHereText:
    'This link was asked for in another browser. You will be signed in as {email} in this one. Is that not you, or did somebody else send you the link? Then close this page.',
  enter: 'Sign in',
  once: 'This link works once. The portal then stays open in this browser until you sign out, or have not used it for 7 days.',

  gone: 'This link no longer works',
  goneMailed: 'A link works once, and for 10 minutes. Ask for a new one.',
  goneGiven: 'A link works once, and for 24 hours. Get a new one in your account at {program}.',
  goneUsed: 'A link works once. You have used this one, and are signed in.',
  newLink: 'Get a new link',
  toPortal: 'Go to the portal',
  unknown: 'There is no such link',
  unknownText:
    'Check that you have the whole address. If you have, get a new link in your account, with the company whose partner you are.',
}
