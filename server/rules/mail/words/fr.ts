import type { Language } from './words.ts'

export const fr: Language = {
  mails: {
    application_received: {
      subject: '{program} : votre candidature est arrivée',
      title: 'Votre candidature est arrivée',
      body: [
        'Merci d’avoir postulé au programme partenaire de {program}.',
        'Elle sera lue, et la réponse viendra à cette adresse. Il n’y a rien d’autre à faire.',
      ],
      note: 'Ce n’était pas vous ? Quelqu’un a donc saisi votre adresse. Vous n’avez rien à faire.',
    },
    application_known: {
      subject: 'Vous avez déjà postulé chez {program}',
      title: 'Vous avez déjà postulé',
      body: [
        'Quelqu’un, sans doute vous, a postulé chez {program} avec cette adresse, que nous connaissons déjà.',
        'Votre première candidature reste valable, et il n’y a rien à faire.',
      ],
    },
    application_approved: {
      subject: 'Bienvenue dans le programme partenaire de {program}',
      title: 'Vous êtes désormais partenaire',
      body: [
        '{program} a accepté votre candidature.',
        'Partagez votre lien. Quiconque passe par lui et achète compte pour vous.',
      ],
      act: 'Ouvrir votre portail',
      note: 'Le portail demande cette adresse et vous envoie un lien de connexion.',
    },
    application_rejected: {
      subject: 'Votre candidature chez {program}',
      title: 'Pas cette fois',
      body: [
        'Merci de votre intérêt pour {program}. Votre candidature a été lue et n’a pas été retenue.',
        'La raison indiquée : {reason}',
      ],
    },
    portal_link: {
      subject: 'Votre accès au portail partenaire de {program}',
      title: 'Connectez-vous à votre portail',
      body: [
        'Quelqu’un, vous espérons-le, a demandé un lien vers le portail partenaire de {program}.',
        'Il fonctionne une seule fois, pendant 10 minutes, de préférence dans le navigateur qui l’a demandé.',
      ],
      act: 'Se connecter',
      note: 'Vous ne l’avez pas demandé ? N’en faites rien. Personne n’entre sans ce message : ne le transmettez donc pas.',
    },
    first_commission: {
      subject: 'Votre première commission de {program}',
      title: 'Votre première commission',
      body: ['Quelqu’un a acheté grâce à vous. C’est votre première commission de {program}, et sans doute pas la dernière.'],
      act: 'Ouvrir votre portail',
    },
    commission_reversed: {
      subject: '{program} : une commission a été reprise',
      title: 'Une commission a été reprise',
      body: [
        'L’une de vos commissions, ou une partie, ne compte plus. Si elle était déjà payée, votre prochain versement sera réduit d’autant.',
      ],
      act: 'Ouvrir votre portail',
    },
    commission_restored: {
      subject: '{program} : une commission compte de nouveau',
      title: 'Une commission compte de nouveau',
      body: ['Ce qui avait été repris sur l’une de vos commissions vous a été rendu.'],
      act: 'Ouvrir votre portail',
    },
    payout_sent: {
      subject: '{program} vous a versé {amount}',
      title: 'Vous avez été payé',
      body: ['{program} vous a envoyé un versement. Les banques et services peuvent mettre quelques jours à l’afficher.'],
      act: 'Ouvrir votre portail',
    },
    payout_failed: {
      subject: '{program} : votre versement n’est pas arrivé',
      title: 'Votre versement n’est pas arrivé',
      body: [
        'Rien n’est perdu : la somme est toujours à vous et fera partie d’un prochain versement.',
        'Vérifiez vos coordonnées de paiement pour que le prochain arrive.',
      ],
      act: 'Ouvrir votre portail',
    },
    payout_details_changed: {
      subject: '{program} : vos coordonnées ont changé',
      title: 'Vos coordonnées ont changé',
      body: [
        'L’adresse où l’on vous joint, ou la façon dont {program} vous paie, a changé. Voici ce qu’il en est maintenant.',
        'Ce n’était ni vous, ni convenu avec vous ? Prévenez {program} sans attendre : {contact}',
      ],
      note: 'Ce message part aux adresses d’avant et d’après le changement.',
    },
    monthly_statement: {
      subject: '{program} : votre relevé de {month}',
      title: '{month}',
      body: ['Voici ce que le mois vous a apporté chez {program}.'],
      act: 'Ouvrir votre portail',
      note: 'Les remboursements ultérieurs comptent dans un mois ultérieur.',
    },
    endpoint_disabled: {
      subject: '{program} : un webhook a été désactivé',
      title: 'Un webhook a été désactivé',
      body: [
        'Plus rien n’est envoyé à cette adresse.',
        'Quand elle répondra de nouveau, réactivez-la et renvoyez ce qu’elle a manqué.',
      ],
    },
  },
  labels: {
    code: 'Votre code',
    link: 'Votre lien',
    amount: 'Montant',
    availableAt: 'Payable à partir du',
    remaining: 'Ce qu’il en reste',
    reason: 'Raison',
    method: 'Mode de paiement',
    reference: 'Référence',
    address: 'Votre adresse',
    payoutEmail: 'Adresse de paiement',
    account: 'Compte',
    changedAt: 'Modifié',
    earned: 'Gagné',
    paid: 'Versé',
    clicks: 'Clics',
    signups: 'Inscriptions',
    sales: 'Paiements',
    endpoint: 'Adresse',
    since: 'Désactivé',
  },
  reasons: {
    refund: 'Le client a été remboursé',
    refund_failed: 'Un remboursement au client n’a pas abouti',
    dispute_lost: 'La banque du client a repris le paiement',
    dispute_won: 'La banque du client a rendu le paiement',
    limit: 'Un paiement antérieur a été signalé, et celui-ci dépasse donc la limite',
    rejected: 'Le programme ne l’a pas acceptée',
    gone: 'Elle a répondu qu’elle n’existe plus (410)',
    failing: 'Elle ne répond que par des erreurs depuis cinq jours',
  },
  methods: { bank_transfer: 'Virement bancaire', crypto: 'Cryptomonnaie' },
  foot: '{program} écrit à cette adresse dans le cadre de son programme partenaire.',
  open: '{act} :',
}
