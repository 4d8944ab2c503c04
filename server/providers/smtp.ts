import { createTransport } from 'nodemailer'

export type Mail = { recipient: string; subject: string; body: string }

/** Sends one mail, or rejects with what the other side said. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): void }

export function smtp(url: string, from: string): Mailer {
  const transport = createTransport(url, { from })
  return {
    async send({ recipient, subject, body }) {
      await transport.sendMail({ to: { name: '', address: recipient }, subject, text: body })
    },
    close: () => transport.close(),
  }
}
