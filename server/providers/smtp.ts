import { createTransport } from 'nodemailer'

export type Mail = {
  id: string
  to: string
  subject: string
  text: string
  html: string | null
  /** Who is said to have sent it; the address is the installation's. */
  fromName: string | null
  replyTo: string | null
  at: Date
}

/** `refused`: the other side takes no mail for this address, or not this one, and will not later. */
export type MailOutcome = { outcome: 'sent' } | { outcome: 'failed' | 'refused'; failure: string }

/** Sends one mail, and says what came of it. */
export type Mailer = { send(mail: Mail): Promise<MailOutcome>; close(): void }

// A mail that hangs is given up before it is due again, or it would be sent twice.
const PHASE_MS = 30_000
const WHOLE_MS = 90_000

export function smtp(url: string, from: string): Mailer {
  const timeouts = { connectionTimeout: PHASE_MS, greetingTimeout: PHASE_MS, socketTimeout: PHASE_MS }
  const transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true })
  const sender = senderOf(from)
  return {
    async send({ id, to, subject, text, html, fromName, replyTo, at }) {
      const sending = transport.sendMail({
        from: { name: fromName ?? sender.name, address: sender.address },
        to: { name: '', address: to },
        ...(replyTo !== null && { replyTo: { name: '', address: replyTo } }),
        subject,
        text,
        ...(html !== null && { html }),
        date: at,
        // The same at every attempt: one that arrived without our hearing of it can be told from the next.
        messageId: `<${id}@${sender.address.split('@').at(-1)}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      })
      try {
        await within(sending)
        return { outcome: 'sent' }
      } catch (error) {
        return outcomeOf(error)
      }
    },
    close: () => transport.close(),
  }
}

/**
 * Refused for good is what the other side answers with 5xx to the recipient or to the mail itself. To the sender or to the
 * sign-in it is a fault of the installation, which can be mended.
 */
function outcomeOf(error: unknown): MailOutcome {
  const { message = String(error), responseCode = 0, command = '' } = error as { message?: string } & Partial<Replied>
  const failure = message.slice(0, 500)
  const isRefused = responseCode >= 500 && responseCode < 600 && (command === 'RCPT TO' || command === 'DATA')
  return { outcome: isRefused ? 'refused' : 'failed', failure }
}

type Replied = { responseCode: number; command: string }

async function within(sending: Promise<unknown>) {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The mail server took too long')), WHOLE_MS)
  })
  try {
    await Promise.race([sending, late])
  } finally {
    clearTimeout(timer)
    // What comes of it after that is nobody's concern.
    sending.catch(() => {})
  }
}

function senderOf(from: string) {
  const named = /^(.*)<([^<>]+)>\s*$/s.exec(from)
  const name = named?.[1]?.trim().replace(/^"(.*)"$/s, '$1') ?? ''
  return { name, address: (named?.[2] ?? from).trim() }
}
