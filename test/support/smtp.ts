import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** What a server answers to a recipient, to a sign-in, or at the end of a mail; `cut` ends the connection without a word. */
export type Behaviour = (at: 'AUTH' | 'MAIL' | 'RCPT' | 'DATA', to: string) => string | 'cut' | undefined

export type Arrived = {
  to: string
  raw: string
  headers: Map<string, string>
  subject: string
  text: string
  html: string
}

/** An SMTP server that can misbehave. It keeps what it has accepted, and counts how often each recipient was named. */
export async function smtpServer({ auth = false } = {}) {
  const sockets = new Set<Socket>()
  const arrived: Arrived[] = []
  const tries = new Map<string, number>()
  const waiting = new Set<() => void>()
  let behave: Behaviour = () => undefined
  let listening: Server | undefined
  let port = 0

  function serve(socket: Socket) {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    let [pending, mail, to, isData] = ['', '', '', false]
    const say = (line: string) => socket.write(`${line}\r\n`)
    const answer = (at: Parameters<Behaviour>[0], usual: string) => {
      const wanted = behave(at, to) ?? usual
      if (wanted === 'cut') return void socket.destroy()
      say(wanted)
      return wanted.startsWith('2') || wanted.startsWith('3')
    }
    const command = (line: string) => {
      const word = line.slice(0, 4).toUpperCase()
      if (word === 'EHLO') return say(auth ? '250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME' : '250-test\r\n250 8BITMIME')
      if (word === 'AUTH') return answer('AUTH', '235 2.7.0 Accepted')
      if (word === 'MAIL') return answer('MAIL', '250 2.1.0 Ok')
      if (word === 'RCPT') {
        to = /<(.*)>/.exec(line)?.[1] ?? ''
        tries.set(to, (tries.get(to) ?? 0) + 1)
        for (const look of waiting) look()
        return answer('RCPT', '250 2.1.5 Ok')
      }
      if (word === 'DATA') {
        // Said where the mail has begun to come, so that it is cut in the middle of it.
        isData = true
        return say('354 Go on')
      }
      if (word === 'QUIT') return void socket.end('221 2.0.0 Bye\r\n')
      return say('250 2.0.0 Ok')
    }
    socket.setEncoding('utf8')
    socket.on('data', chunk => {
      pending += chunk
      for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
        const line = pending.slice(0, end)
        pending = pending.slice(end + 2)
        if (!isData) command(line)
        else if (line !== '.') {
          mail += `${line.replace(/^\.\./, '.')}\r\n`
          if (behave('DATA', to) === 'cut') return void socket.destroy()
        } else {
          isData = false
          if (answer('DATA', '250 2.0.0 Taken')) arrived.push(parsed(to, mail))
          mail = ''
          for (const look of waiting) look()
        }
      }
    })
    say('220 test ESMTP')
  }

  const start = async () => {
    listening = createServer(serve).listen(port, '127.0.0.1')
    await once(listening, 'listening')
    port = (listening.address() as AddressInfo).port
  }
  const stop = async () => {
    for (const socket of sockets) socket.destroy()
    listening?.close()
    if (listening) await once(listening, 'close')
  }
  await start()
  return {
    url: (user = '') => `smtp://${user}127.0.0.1:${port}`,
    arrived,
    tries: (to: string) => tries.get(to) ?? 0,
    behave: (next: Behaviour) => {
      behave = next
    },
    start,
    stop,
    /** What has come for an address, once there are so many of it. */
    async mailTo(to: string, count = 1): Promise<Arrived[]> {
      await this.until(() => arrived.filter(each => each.to === to).length >= count)
      return arrived.filter(each => each.to === to)
    },
    async until(is: () => boolean) {
      while (!is()) {
        await new Promise<void>(resolve => {
          const look = () => {
            waiting.delete(look)
            resolve()
          }
          waiting.add(look)
        })
      }
    },
  }
}

export type SmtpServer = Awaited<ReturnType<typeof smtpServer>>

function parsed(to: string, raw: string): Arrived {
  const { headers, body } = part(raw)
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1]
  const parts = boundary
    ? body
        .split(`--${boundary}`)
        .slice(1, -1)
        .map(each => part(each.replace(/^\r\n/, '')))
    : [{ headers, body }]
  const of = (type: string) => {
    const found = parts.find(each => each.headers.get('content-type')?.startsWith(type))
    return found ? decoded(found) : ''
  }
  return { to, raw, headers, subject: words(headers.get('subject') ?? ''), text: of('text/plain'), html: of('text/html') }
}

function part(raw: string) {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = new Map(lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]))
  return { headers, body: raw.slice(end + 4) }
}

function decoded({ headers, body }: ReturnType<typeof part>) {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase()
  const text =
    encoding === 'base64' ? Buffer.from(body, 'base64') : encoding === 'quoted-printable' ? quoted(body) : Buffer.from(body)
  return text.toString('utf8').replaceAll('\r\n', '\n')
}

function quoted(body: string) {
  const joined = body.replace(/=\r\n/g, '').replace(/\r\n$/, '')
  return Buffer.from(
    joined.replace(/=([0-9A-F]{2})/g, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16))),
    'latin1',
  )
}

/** A header's encoded words as text: RFC 2047. */
export function words(header: string) {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      (kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : quoted(text.replaceAll('_', ' '))).toString('utf8'),
    )
}
