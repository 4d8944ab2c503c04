/** Of what a policy has to let through: an address, and what the tag says of itself. */
type Wanted = { address: string; page: string; nonce?: string | undefined; integrity?: string | undefined }

/** The directives of each policy; of several, all have to allow. */
export function policiesIn(headers: string[]) {
  return headers
    .flatMap(each => each.split(','))
    .map(policy => {
      const directives = new Map<string, string[]>()
      for (const each of policy.split(';')) {
        const [name = '', ...sources] = each.trim().split(/\s+/)
        // What is said a second time does not count.
        if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources)
      }
      return directives
    })
    .filter(each => each.size)
}

type Policy = ReturnType<typeof policiesIn>[number]

/** The directive that keeps a script from being loaded, as it is written; undefined where none does. */
export function blocksScript(policy: Policy, wanted: Wanted) {
  const found = effective(policy, ['script-src-elem', 'script-src', 'default-src'])
  if (!found) return undefined
  const { sources } = found
  const isNamed =
    (wanted.nonce && sources.includes(`'nonce-${wanted.nonce}'`)) ||
    (wanted.integrity ?? '').split(/\s+/).some(hash => hash && sources.includes(`'${hash}'`))
  // Where it is there, what a policy says of hosts does not count.
  const byHost = !sources.some(each => each.toLowerCase() === "'strict-dynamic'") && allows(sources, wanted)
  return isNamed || byHost ? undefined : written(found)
}

/** The same for a request that a script makes. */
export function blocksConnection(policy: Policy, wanted: Wanted) {
  const found = effective(policy, ['connect-src', 'default-src'])
  return !found || allows(found.sources, wanted) ? undefined : written(found)
}

function effective(policy: Policy, names: string[]) {
  const name = names.find(each => policy.has(each))
  return name === undefined ? undefined : { name, sources: policy.get(name) ?? [] }
}

function written({ name, sources }: { name: string; sources: string[] }) {
  return [name, ...sources].join(' ')
}

function allows(sources: string[], { address, page }: Wanted) {
  const url = new URL(address)
  const own = new URL(page)
  return sources.some(source => {
    if (source === '*') return /^(https?|wss?):$/.test(url.protocol) || url.protocol === own.protocol
    if (source.toLowerCase() === "'self'") return url.origin === own.origin
    if (/^[a-z][a-z0-9+.-]*:$/i.test(source)) return isScheme(source.toLowerCase(), url.protocol)
    return matchesHost(source, url, own)
  })
}

// A policy that lets http: through lets https: through as well.
function isScheme(allowed: string, protocol: string) {
  return allowed === protocol || (allowed === 'http:' && protocol === 'https:')
}

function matchesHost(source: string, url: URL, page: URL) {
  const parts = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[^/:*]+)(?::(\d+|\*))?(\/.*)?$/i.exec(source)
  if (!parts) return false
  const [, scheme, host = '', port, path] = parts
  if (!isScheme(scheme ? `${scheme.toLowerCase()}:` : page.protocol, url.protocol)) return false
  const name = host.toLowerCase()
  if (name.startsWith('*.') ? !url.hostname.endsWith(name.slice(1)) : name !== '*' && name !== url.hostname) return false
  const usual = url.protocol === 'https:' ? '443' : '80'
  if (port !== '*' && (port ?? usual) !== (url.port || usual)) return false
  if (!path || path === '/') return true
  return path.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path
}
