import SMTPConnection from 'nodemailer/lib/smtp-connection'

/** How far a mail server lets one come. `failed` says at what, and in whose words. */
export type SmtpSeen = {
  greeted: boolean
  /** The connection was encrypted before anybody signed in. */
  encrypted: boolean
  /** Null where the address has no user. */
  signedIn: boolean | null
  failed: string | null
}

const PATIENCE_MS = 10_000

/** Connects as for a mail, signs in, and leaves. */
export async function smtpCheck(address: string): Promise<SmtpSeen> {
  const url = new URL(address)
  const secure = url.protocol === 'smtps:'
  const connection = new SMTPConnection({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    dnsTimeout: PATIENCE_MS,
  })
  const seen: SmtpSeen = { greeted: false, encrypted: false, signedIn: url.username ? false : null, failed: null }
  const broken = new Promise<never>((_, reject) => connection.on('error', reject))
  broken.catch(() => {})
  try {
    await Promise.race([broken, new Promise<void>(resolve => connection.connect(() => resolve()))])
    seen.greeted = true
    seen.encrypted = connection.secure === true
    if (url.username) {
      const credentials = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
      const signed = new Promise<void>((resolve, reject) =>
        connection.login({ user: credentials.user, credentials }, (error: Error | null | undefined) =>
          error ? reject(error) : resolve(),
        ),
      )
      await Promise.race([broken, signed])
      seen.signedIn = true
    }
    connection.quit()
  } catch (error) {
    seen.failed = error instanceof Error ? error.message : String(error)
    connection.close()
  }
  return seen
}
