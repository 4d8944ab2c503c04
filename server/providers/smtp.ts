import { createTransport } from 'nodemailer'

export type Mail = { recipient: string; subject: string; body: string }

/** Sends one mail, or rejects with what the other side said. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): void }

// A mail that hangs is given up before it is due again, or it would be sent twice.
const PATIENCE_MS = 60_000

export function smtp(url: string, from: string): Mailer {
  const transport = createTransport(
    { url, connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS },
    { from },
  )
  return {
    async send({ recipient, subject, body }) {
      await transport.sendMail({ to: { name: '', address: recipient }, subject, text: body })
    },
    close: () => transport.close(),
  }
}
