import type { PortalWords } from './words.ts'

export const fr: PortalWords = {
  portal: 'Portail partenaire',
  partners: '{program} · Partenaires',
  signOut: 'Se déconnecter',
  terms: 'Conditions partenaires',
  noScript: 'Le portail a besoin de JavaScript. Activez-le pour cette page et rechargez-la.',

  signIn: 'Connectez-vous à votre portail',
  signInText:
    'Saisissez l’adresse e-mail avec laquelle vous êtes partenaire. Vous recevrez un lien qui vous laisse entrer une fois, dans les 10 minutes.',
  email: 'Adresse e-mail',
  emailWrong: 'Ce n’est pas une adresse e-mail. Elle ressemble à jane@example.com.',
  checkAddress: 'Vérifiez l’adresse',
  send: 'M’envoyer un lien',
  orAccount: 'Un lien se trouve peut-être aussi dans votre compte chez {program}.',
  asked: 'Consultez votre messagerie',
  askedText:
    'Si {email} est l’adresse d’un partenaire, un lien lui a été envoyé. Ouvrez-le dans ce navigateur dans les 10 minutes.',
  askedMore: 'Rien reçu ? Regardez parmi les indésirables et vérifiez l’adresse.',
  another: 'Essayer une autre adresse',
  tooMany: 'Trop d’essais',
  tooManyText:
    'Beaucoup de liens ont été demandés d’ici. Attendez un quart d’heure, puis recommencez. Ceux qui ont été envoyés restent valables.',

  notSignedIn: 'Vous n’êtes pas connecté',
  signedOut: 'Vous êtes déconnecté',
  opens: 'Le portail s’ouvre avec un lien qui sert une seule fois. Vous en trouverez un dans votre compte chez {program}.',
  opensElsewhere:
    'Le portail s’ouvre avec un lien qui sert une seule fois. Vous en trouverez un dans votre compte, chez l’entreprise dont vous êtes partenaire.',
  goTo: 'Aller chez {program}',

  door: 'Votre portail partenaire',
  doorText: 'Votre lien, ce qu’il a apporté et ce qui vous est versé.',
  open: 'Ouvrir le portail',
  signInAs: 'Vous serez connecté en tant que {email}.',
  signInHere: 'Se connecter ici ?',
  signInHereText:
    'Ce lien a été demandé dans un autre navigateur. Dans celui-ci, vous serez connecté en tant que {email}. Ce n’est pas vous, ou quelqu’un d’autre vous a envoyé ce lien ? Alors fermez cette page.',
  enter: 'Se connecter',
  once: 'Ce lien sert une seule fois. Le portail reste ensuite ouvert dans ce navigateur jusqu’à ce que vous vous déconnectiez, ou après 7 jours sans l’utiliser.',

  gone: 'Ce lien ne fonctionne plus',
  goneMailed: 'Un lien sert une seule fois, pendant 10 minutes. Demandez-en un nouveau.',
  goneGiven: 'Un lien sert une seule fois, pendant 24 heures. Vous en trouverez un nouveau dans votre compte chez {program}.',
  goneUsed: 'Un lien sert une seule fois. Vous avez utilisé celui-ci et vous êtes connecté.',
  newLink: 'Demander un nouveau lien',
  toPortal: 'Aller au portail',
  unknown: 'Ce lien n’existe pas',
  unknownText:
    'Vérifiez que l’adresse est complète. Si elle l’est, prenez un nouveau lien dans votre compte, chez l’entreprise dont vous êtes partenaire.',
}
