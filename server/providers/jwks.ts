import http from 'node:http'
import https from 'node:https'
import { RequestFilteringHttpsAgent } from 'request-filtering-agent'
import { lookupPublic, mayBePublic } from './public-address.ts'

const PATIENCE_MS = 5_000
const LARGEST_BYTES = 256 * 1024

const publicAgent = new RequestFilteringHttpsAgent({ lookup: lookupPublic } as https.AgentOptions)

/**
 * What stands at the address of an identity provider's keys, as parsed JSON. Throws for all that is not a whole JSON
 * answer with status 200 within five seconds: a redirect is not followed. Only https and public addresses are asked,
 * unless `allowPrivate`.
 */
export async function keysAt(url: string, { allowPrivate }: { allowPrivate: boolean }): Promise<unknown> {
  const { protocol, hostname } = new URL(url)
  if (!allowPrivate && (protocol !== 'https:' || !mayBePublic(hostname))) throw new Error(`${url} is not a public https address`)
  return JSON.parse(await textAt(url, { allowPrivate }))
}

function textAt(url: string, { allowPrivate }: { allowPrivate: boolean }) {
  return new Promise<string>((resolve, reject) => {
    const request = (url.startsWith('https:') ? https : http).get(url, {
      agent: allowPrivate ? undefined : publicAgent,
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'Mislata' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    request.on('error', reject)
    request.on('response', response => {
      if (response.statusCode !== 200) request.destroy(new Error(`${url} answers ${response.statusCode}`))
      const parts: Buffer[] = []
      let bytes = 0
      response.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes > LARGEST_BYTES) request.destroy(new Error(`${url} answers without end`))
        else parts.push(part)
      })
      response.on('error', reject)
      response.on('end', () => resolve(Buffer.concat(parts).toString()))
    })
  })
}
