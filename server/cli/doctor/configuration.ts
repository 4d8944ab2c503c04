import { type Config, variables } from '../../config.ts'
import { findings } from './finding.ts'

type Environment = Record<string, string | undefined>

const HERE = /^(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)$/
const GUESSABLE = /chang|secret|passw|example|mislata|admin|12345|qwert|letmein|default/i

/** What of a configuration that can be used does not do what somebody may believe. */
export function checkConfiguration(environment: Environment, config: Config) {
  const said = findings('configuration')
  for (const [name, meant] of misspelt(environment))
    said.wrong(`${name} is read by nobody.`, `If ${meant} is meant, call it that.`)
  checkSecrets(environment, said)
  checkAddress(environment, config, said)
  const { trustedProxies, allowPrivateWebhooks, payoutProvidersUrl } = config
  if (trustedProxies.some(each => /^(0\.0\.0\.0|::)\/0$/.test(each)))
    said.wrong(
      'TRUSTED_PROXIES trusts everybody, so every visitor may say which address it comes from.',
      'Name your proxies alone.',
    )
  if (allowPrivateWebhooks)
    said.wrong(
      'ALLOW_PRIVATE_WEBHOOKS=1 lets webhooks reach this machine and its network.',
      'Take it out, unless this is for tests or development.',
    )
  if (payoutProvidersUrl) said.wrong('PAYOUT_PROVIDERS_URL sends no payout to anybody.', 'Take it out: it is for tests.')
  if (said.all.every(each => each.level !== 'wrong')) said.ok('Every variable can be used.')
  return said.all
}

function checkSecrets(environment: Environment, said: ReturnType<typeof findings>) {
  for (const name of ['APP_SECRET', 'METRICS_TOKEN'] as const) {
    const value = environment[name]
    if (value && (new Set(value).size < 10 || GUESSABLE.test(value)))
      said.wrong(
        `${name} can be guessed.`,
        `Take one that was made by chance: openssl rand -base64 36${name === 'APP_SECRET' ? '. Tokens that are out end with the old one, and what was sealed with it cannot be read' : ''}.`,
      )
  }
  const { ADMIN_PASSWORD: password, ADMIN_EMAIL: email } = environment
  if (password && (new Set(password).size < 5 || GUESSABLE.test(password) || password.includes(email?.split('@')[0] ?? ' ')))
    said.wrong('ADMIN_PASSWORD can be guessed.', 'Take another: it ends the sessions that the old one began.')
}

function checkAddress(environment: Environment, { host, publicUrl, trustedProxies }: Config, said: ReturnType<typeof findings>) {
  if (publicUrl === null) {
    if (!HERE.test(host))
      said.wrong(
        `PUBLIC_URL is not set, so links in mails and the portal lead to http://${host}:${environment.PORT || 8787}.`,
        'Set it to what browsers see, such as https://partners.example.com.',
      )
    else said.note('PUBLIC_URL is not set.', 'Before others use it, set it to what their browsers see.')
    return
  }
  const { protocol, hostname, pathname } = new URL(publicUrl)
  const isHere = HERE.test(hostname)
  if (pathname !== '/')
    said.wrong(`PUBLIC_URL has a path, ${pathname}, and the server answers at the root.`, 'Give it a host of its own.')
  if (protocol === 'http:' && !isHere)
    said.wrong(
      'PUBLIC_URL is http:, so passwords and keys go over the network for all to read.',
      'Put a proxy with TLS before it.',
    )
  if (/^affiliates?\./.test(hostname))
    said.note(`Block lists hide what comes from a host called ${hostname.split('.')[0]}.`, 'Call it partners. or something else.')
  if (!isHere && !trustedProxies.length)
    said.note(
      'TRUSTED_PROXIES is not set. Behind a proxy, all visitors are then one: their clicks count as repeated, and they share one limit.',
      "Set it to the proxy's address. Without a proxy there is nothing to do.",
    )
}

/** Variables that are nearly one of ours. */
function misspelt(environment: Environment) {
  const known = new Set(variables)
  return Object.keys(environment)
    .filter(name => !known.has(name) && environment[name])
    .flatMap(name => {
      const bare = name
        .toUpperCase()
        .replace(/^MISLATA_/, '')
        .replaceAll('-', '_')
      // Short names have neighbours that mean something else.
      const meant = variables.find(each => each === bare || (each.length > 7 && distance(each, bare) <= 2))
      return meant ? [[name, meant] as const] : []
    })
}

/** How many letters have to be put in, left out, or changed. */
function distance(a: string, b: string) {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++)
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === b[j] ? 0 : 1)))
    row = next
  }
  return row.at(-1) ?? 0
}
