import type { Language } from './words.ts'

export const de: Language = {
  mails: {
    application_received: {
      subject: '{program}: Ihre Bewerbung ist da',
      title: 'Ihre Bewerbung ist da',
      body: [
        'Vielen Dank für Ihre Bewerbung beim Partnerprogramm von {program}.',
        'Sie wird gelesen, und die Antwort kommt an diese Adresse. Sonst ist nichts zu tun.',
      ],
      note: 'Das waren nicht Sie? Dann hat jemand Ihre Adresse eingegeben. Sie brauchen nichts zu tun.',
    },
    application_known: {
      subject: 'Sie haben sich bei {program} schon beworben',
      title: 'Sie haben sich schon beworben',
      body: [
        'Jemand, vermutlich Sie, hat sich bei {program} mit dieser Adresse beworben, die wir schon kennen.',
        'Ihre erste Bewerbung gilt, und es ist nichts zu tun.',
      ],
    },
    application_approved: {
      subject: 'Willkommen im Partnerprogramm von {program}',
      title: 'Sie sind jetzt Partner',
      body: ['{program} hat Ihre Bewerbung angenommen.', 'Teilen Sie Ihren Link. Wer darüber kommt und kauft, zählt für Sie.'],
      act: 'Portal öffnen',
      note: 'Das Portal fragt nach dieser Adresse und schickt Ihnen einen Link zum Anmelden.',
    },
    application_rejected: {
      subject: 'Ihre Bewerbung bei {program}',
      title: 'Dieses Mal nicht',
      body: [
        'Vielen Dank für Ihr Interesse an {program}. Ihre Bewerbung wurde gelesen und nicht angenommen.',
        'Der genannte Grund: {reason}',
      ],
    },
    portal_link: {
      subject: 'Ihr Weg in das Partnerportal von {program}',
      title: 'Im Portal anmelden',
      body: [
        'Jemand, hoffentlich Sie, hat um einen Link in das Partnerportal von {program} gebeten.',
        'Er gilt einmal, 10 Minuten lang, und öffnet sich am besten in dem Browser, der darum gebeten hat.',
      ],
      act: 'Anmelden',
      note: 'Sie haben nicht darum gebeten? Dann lassen Sie ihn liegen. Ohne diese Mail kommt niemand hinein; geben Sie sie also nicht weiter.',
    },
    first_commission: {
      subject: 'Ihre erste Provision von {program}',
      title: 'Ihre erste Provision',
      body: ['Jemand hat durch Sie gekauft. Das ist Ihre erste Provision von {program} und hoffentlich nicht die letzte.'],
      act: 'Portal öffnen',
    },
    commission_reversed: {
      subject: '{program}: Eine Provision wurde zurückgenommen',
      title: 'Eine Provision wurde zurückgenommen',
      body: [
        'Eine Ihrer Provisionen oder ein Teil davon zählt nicht mehr. Wurde sie schon ausgezahlt, fällt die nächste Auszahlung niedriger aus.',
      ],
      act: 'Portal öffnen',
    },
    commission_restored: {
      subject: '{program}: Eine Provision zählt wieder',
      title: 'Eine Provision zählt wieder',
      body: ['Was von einer Ihrer Provisionen zurückgenommen war, ist wieder dazugekommen.'],
      act: 'Portal öffnen',
    },
    payout_sent: {
      subject: '{program} hat Ihnen {amount} ausgezahlt',
      title: 'Ihre Auszahlung ist unterwegs',
      body: [
        '{program} hat Ihnen eine Auszahlung geschickt. Bis sie zu sehen ist, brauchen Banken und Dienste manchmal einige Tage.',
      ],
      act: 'Portal öffnen',
    },
    payout_failed: {
      subject: '{program}: Ihre Auszahlung ist nicht angekommen',
      title: 'Ihre Auszahlung ist nicht angekommen',
      body: [
        'Nichts ist verloren: Was darin war, gehört weiter Ihnen und kommt mit einer späteren Auszahlung.',
        'Prüfen Sie Ihre Angaben zur Auszahlung, damit die nächste ankommt.',
      ],
      act: 'Portal öffnen',
    },
    payout_details_changed: {
      subject: '{program}: Ihre Angaben wurden geändert',
      title: 'Ihre Angaben wurden geändert',
      body: [
        'Geändert wurde, unter welcher Adresse Sie zu erreichen sind oder wie {program} Sie bezahlt. So ist es jetzt.',
        'Das waren nicht Sie, und es war nicht abgesprochen? Dann sagen Sie es {program} sofort: {contact}',
      ],
      note: 'Diese Mail geht an die Adressen von vor und nach der Änderung.',
    },
    monthly_statement: {
      subject: '{program}: Ihre Abrechnung für {month}',
      title: '{month}',
      body: ['Das hat der Monat Ihnen bei {program} gebracht.'],
      act: 'Portal öffnen',
      note: 'Spätere Erstattungen zählen in einem späteren Monat.',
    },
    endpoint_disabled: {
      subject: '{program}: Ein Webhook wurde abgeschaltet',
      title: 'Ein Webhook wurde abgeschaltet',
      body: [
        'An diesen Endpunkt wird nichts mehr geschickt.',
        'Wenn er wieder antwortet, schalten Sie ihn ein und lassen Sie Versäumtes noch einmal senden.',
      ],
    },
  },
  labels: {
    code: 'Ihr Code',
    link: 'Ihr Link',
    amount: 'Betrag',
    availableAt: 'Auszahlbar ab',
    remaining: 'Was davon bleibt',
    reason: 'Grund',
    method: 'Zahlungsweg',
    reference: 'Referenz',
    address: 'Ihre Adresse',
    payoutEmail: 'Adresse für Auszahlungen',
    account: 'Konto',
    changedAt: 'Geändert',
    earned: 'Verdient',
    paid: 'An Sie ausgezahlt',
    clicks: 'Klicks',
    signups: 'Anmeldungen',
    sales: 'Zahlungen',
    endpoint: 'Endpunkt',
    since: 'Abgeschaltet',
  },
  reasons: {
    refund: 'Der Kunde hat sein Geld zurückbekommen',
    refund_failed: 'Eine Erstattung an den Kunden ist gescheitert',
    dispute_lost: 'Die Bank des Kunden hat die Zahlung zurückgeholt',
    dispute_won: 'Die Bank des Kunden hat die Zahlung zurückgegeben',
    limit: 'Eine frühere Zahlung wurde bekannt, und diese liegt damit über der Grenze',
    rejected: 'Das Programm hat sie nicht anerkannt',
    gone: 'Er hat geantwortet, dass es ihn nicht mehr gibt (410)',
    failing: 'Er hat seit fünf Tagen nur mit Fehlern geantwortet',
  },
  methods: { bank_transfer: 'Überweisung', crypto: 'Kryptowährung' },
  foot: '{program} schreibt an diese Adresse wegen seines Partnerprogramms.',
  open: '{act}:',
}
