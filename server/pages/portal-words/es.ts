import type { PortalWords } from './words.ts'

export const es: PortalWords = {
  portal: 'Portal de partners',
  partners: '{program} · Partners',
  signOut: 'Cerrar sesión',
  terms: 'Condiciones para partners',
  noScript: 'El portal necesita JavaScript. Actívalo para esta página y vuelve a cargarla.',

  signIn: 'Entra en tu portal',
  signInText:
    'Escribe la dirección de correo con la que eres partner. Recibirás un enlace que te deja entrar una vez, en los próximos 10 minutos.',
  email: 'Correo electrónico',
  emailWrong: 'Eso no es una dirección de correo. Tiene esta forma: jane@example.com.',
  checkAddress: 'Revisa la dirección',
  send: 'Enviarme un enlace',
  orAccount: 'Puede que también haya un enlace en tu cuenta de {program}.',
  asked: 'Mira tu correo',
  askedText:
    'Si {email} es la dirección de un partner, hay un enlace de camino. Ábrelo en este navegador en los próximos 10 minutos.',
  askedMore: '¿No ha llegado nada? Mira en el correo no deseado y revisa la dirección.',
  another: 'Probar con otra',
  tooMany: 'Demasiados intentos',
  tooManyText:
    'Desde aquí se han pedido muchos enlaces. Espera un cuarto de hora y vuelve a pedirlo. Los que ya se enviaron siguen sirviendo.',

  notSignedIn: 'No has iniciado sesión',
  signedOut: 'Has cerrado la sesión',
  opens: 'El portal se abre con un enlace que sirve una sola vez. Lo encuentras en tu cuenta de {program}.',
  opensElsewhere:
    'El portal se abre con un enlace que sirve una sola vez. Lo encuentras en tu cuenta, en la empresa de la que eres partner.',
  goTo: 'Ir a {program}',

  door: 'Tu portal de partner',
  doorText: 'Tu enlace, lo que ha traído y lo que cobras.',
  open: 'Abrir el portal',
  signInAs: 'Entrarás como {email}.',
  signInHere: '¿Entrar aquí?',
  signInHereText:
    'Este enlace se pidió en otro navegador. En este entrarás como {email}. ¿No eres tú, o te ha enviado el enlace otra persona? Entonces cierra esta página.',
  enter: 'Entrar',
  once: 'Este enlace sirve una sola vez. Después, el portal sigue abierto en este navegador hasta que cierres la sesión o pases 7 días sin usarlo.',

  gone: 'Este enlace ya no sirve',
  goneMailed: 'Un enlace sirve una sola vez y durante 10 minutos. Pide uno nuevo.',
  goneGiven: 'Un enlace sirve una sola vez y durante 24 horas. Consigue uno nuevo en tu cuenta de {program}.',
  goneUsed: 'Un enlace sirve una sola vez. Este ya lo has usado y tienes la sesión iniciada.',
  newLink: 'Pedir un enlace nuevo',
  toPortal: 'Ir al portal',
  unknown: 'Este enlace no existe',
  unknownText:
    'Comprueba que la dirección está completa. Si lo está, consigue un enlace nuevo en tu cuenta, en la empresa de la que eres partner.',
}
