import type { Config } from '../../config.ts'
import { smtp } from '../../providers/smtp.ts'
import { smtpCheck } from '../../providers/smtp-check.ts'
import { findings } from './finding.ts'

const HERE = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/

/** Whether the mail server lets this one in; with an address, whether it takes a mail for it. */
export async function checkMail({ smtpUrl, mailFrom }: Config, sendTo: string | undefined) {
  const said = findings('mail')
  if (!smtpUrl || !mailFrom) {
    if (sendTo) said.wrong('There is no mail server to send with.', 'Set SMTP_URL and MAIL_FROM.')
    else said.note('SMTP_URL is not set: mails stay in the outbox.', 'Set SMTP_URL and MAIL_FROM.')
    return said.all
  }
  const { hostname, host } = new URL(smtpUrl)
  const seen = await smtpCheck(smtpUrl)
  if (!seen.greeted) {
    said.wrong(`The mail server ${host} cannot be reached: ${seen.failed}`, 'Check SMTP_URL, its port, and the firewall.')
    return said.all
  }
  said.ok(`The mail server ${host} answers, ${seen.encrypted ? 'encrypted' : 'unencrypted'}.`)
  if (!seen.encrypted && !HERE.test(hostname))
    said.wrong(
      'The mail server offers no encryption, so mails and the password can be read on the way.',
      'Take smtps: with port 465, or a server that offers STARTTLS.',
    )
  if (seen.signedIn === true) said.ok('It takes the user and the password.')
  else if (seen.failed) said.wrong(`It does not let us in: ${seen.failed}`, 'Check the user and the password in SMTP_URL.')
  if (sendTo && !seen.failed) {
    const mailer = smtp(smtpUrl, mailFrom)
    const sent = await mailer.send(testMail(sendTo))
    mailer.close()
    if (sent.outcome === 'sent')
      said.ok(`It has taken a mail for ${sendTo}. Look whether it arrives, and not among the unwanted.`)
    else
      said.wrong(
        `It has not taken a mail for ${sendTo}: ${sent.failure}`,
        'Check MAIL_FROM, and what the server allows this user.',
      )
  }
  return said.all
}

function testMail(to: string) {
  const at = new Date()
  const text = 'Mislata can send mail.\n\nThis was sent by `mislata doctor --send-to`.\n'
  return {
    id: `doctor-${at.getTime()}`,
    to,
    subject: 'Mislata can send mail',
    text,
    html: null,
    fromName: null,
    replyTo: null,
    at,
  }
}
