import type { PortalWords } from './words.ts'

export const de: PortalWords = {
  portal: 'Partnerportal',
  partners: '{program} Partner',
  signOut: 'Abmelden',
  terms: 'Partnerbedingungen',
  noScript: 'Das Portal braucht JavaScript. Schalten Sie es für diese Seite ein und laden Sie sie neu.',

  signIn: 'Im Portal anmelden',
  signInText:
    'Geben Sie die E-Mail-Adresse ein, mit der Sie Partner sind. Sie bekommen einen Link, der Sie einmal und innerhalb von 10 Minuten hineinlässt.',
  email: 'E-Mail-Adresse',
  emailWrong: 'Das ist keine E-Mail-Adresse. Sie sieht etwa so aus: jane@example.com.',
  checkAddress: 'Adresse prüfen',
  send: 'Link anfordern',
  orAccount: 'Einen Link finden Sie vielleicht auch in Ihrem Konto bei {program}.',
  asked: 'Sehen Sie in Ihre Mail',
  askedText:
    'Wenn {email} die Adresse eines Partners ist, ist ein Link dorthin unterwegs. Öffnen Sie ihn innerhalb von 10 Minuten in diesem Browser.',
  askedMore: 'Nichts angekommen? Sehen Sie im Spam nach und prüfen Sie die Adresse.',
  another: 'Andere Adresse versuchen',
  tooMany: 'Zu viele Versuche',
  tooManyText:
    'Von hier aus wurden viele Links angefordert. Warten Sie eine Viertelstunde und versuchen Sie es dann noch einmal. Die schon verschickten gelten weiter.',

  notSignedIn: 'Sie sind nicht angemeldet',
  signedOut: 'Sie sind abgemeldet',
  opens: 'Das Portal öffnet sich mit einem Link, der einmal gilt. Sie finden einen in Ihrem Konto bei {program}.',
  opensElsewhere:
    'Das Portal öffnet sich mit einem Link, der einmal gilt. Sie finden einen in Ihrem Konto bei der Firma, deren Partner Sie sind.',
  goTo: 'Zu {program}',

  door: 'Ihr Partnerportal',
  doorText: 'Ihr Link, was er gebracht hat und was Sie ausgezahlt bekommen.',
  open: 'Portal öffnen',
  signInAs: 'Sie werden als {email} angemeldet.',
  signInHere: 'Hier anmelden?',
  signInHereText:
    'Dieser Link wurde in einem anderen Browser angefordert. In diesem werden Sie als {email} angemeldet. Sind das nicht Sie, oder hat Ihnen jemand anderes den Link geschickt? Dann schließen Sie diese Seite.',
  enter: 'Anmelden',
  once: 'Dieser Link gilt einmal. Danach bleibt das Portal in diesem Browser offen, bis Sie sich abmelden oder es 7 Tage lang nicht benutzen.',

  gone: 'Dieser Link gilt nicht mehr',
  goneMailed: 'Ein Link gilt einmal und 10 Minuten lang. Fordern Sie einen neuen an.',
  goneGiven: 'Ein Link gilt einmal und 24 Stunden lang. Einen neuen gibt es in Ihrem Konto bei {program}.',
  goneUsed: 'Ein Link gilt einmal. Diesen haben Sie benutzt, und Sie sind angemeldet.',
  newLink: 'Neuen Link anfordern',
  toPortal: 'Zum Portal',
  unknown: 'Diesen Link gibt es nicht',
  unknownText:
    'Prüfen Sie, ob die Adresse vollständig ist. Wenn ja, holen Sie sich einen neuen Link in Ihrem Konto bei der Firma, deren Partner Sie sind.',
}
