import type { PortalWords } from './words.ts'

export const pt: PortalWords = {
  portal: 'Portal de parceiros',
  partners: '{program} · Parceiros',
  signOut: 'Sair',
  terms: 'Termos para parceiros',
  noScript: 'O portal precisa de JavaScript. Ative-o nesta página e carregue-a de novo.',

  signIn: 'Entre no seu portal',
  signInText:
    'Digite o endereço de e-mail com que você é parceiro. Você recebe um link que deixa entrar uma vez, nos próximos 10 minutos.',
  email: 'Endereço de e-mail',
  emailWrong: 'Isso não é um endereço de e-mail. Ele tem esta forma: jane@example.com.',
  checkAddress: 'Confira o endereço',
  send: 'Enviar um link para mim',
  orAccount: 'Também pode haver um link na sua conta em {program}.',
  asked: 'Veja seu e-mail',
  askedText: 'Se {email} for o endereço de um parceiro, um link está a caminho. Abra-o neste navegador nos próximos 10 minutos.',
  askedMore: 'Não chegou nada? Procure no spam e confira o endereço.',
  another: 'Tentar outro',
  tooMany: 'Tentativas demais',
  tooManyText:
    'Muitos links foram pedidos daqui. Espere um quarto de hora e peça de novo. Os que já foram enviados continuam valendo.',

  notSignedIn: 'Você não entrou na sua conta',
  signedOut: 'Você saiu',
  opens: 'O portal se abre com um link que vale uma vez. Ele está na sua conta em {program}.',
  opensElsewhere: 'O portal se abre com um link que vale uma vez. Ele está na sua conta, na empresa de que você é parceiro.',
  goTo: 'Ir para {program}',

  door: 'Seu portal de parceiro',
  doorText: 'Seu link, o que ele trouxe e o que você recebe.',
  open: 'Abrir o portal',
  signInAs: 'Você vai entrar como {email}.',
  signInHere: 'Entrar aqui?',
  signInHereText:
    'Este link foi pedido em outro navegador. Neste, você vai entrar como {email}. Não é você, ou outra pessoa lhe enviou o link? Então feche esta página.',
  enter: 'Entrar',
  once: 'Este link vale uma vez. Depois, o portal continua aberto neste navegador até você sair ou passar 7 dias sem usá-lo.',

  gone: 'Este link não vale mais',
  goneMailed: 'Um link vale uma vez e por 10 minutos. Peça um novo.',
  goneGiven: 'Um link vale uma vez e por 24 horas. Pegue um novo na sua conta em {program}.',
  goneUsed: 'Um link vale uma vez. Você já usou este e está dentro.',
  newLink: 'Pedir um novo link',
  toPortal: 'Ir para o portal',
  unknown: 'Este link não existe',
  unknownText:
    'Confira se o endereço está completo. Se estiver, pegue um novo link na sua conta, na empresa de que você é parceiro.',
}
