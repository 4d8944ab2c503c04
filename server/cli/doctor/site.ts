import { getDomain } from 'tldts'
import type { Config } from '../../config.ts'
import { hashed } from '../../program/ids.ts'
import type { Known } from '../../store/directory.ts'
import { blocksConnection, blocksScript, policiesIn } from './csp.ts'
import { type Findings, findings } from './finding.ts'
import { type Page, pageAt, type Tag, tagsIn } from './page.ts'

type Around = {
  config: Config /** What the database knows of keys and programs; null where it does not answer. */
  known: Known | null
}

/** A page of a host's site: whether the tag is there and right, and whether anything keeps it from its work. */
export async function checkSite(address: string, { config, known }: Around) {
  const said = findings('site')
  const page = await pageAt(address).catch((error: Error) => {
    said.wrong(`${address} cannot be read: ${(error.cause as Error | undefined)?.message ?? error.message}`, 'Check the address.')
    return null
  })
  if (!page) return { findings: said.all, at: null }
  if (page.status >= 400) said.wrong(`${page.url} answers ${page.status}.`, 'Give the address of a page that visitors see.')
  const tags = tagsIn(page.html, 'script').filter(tag => isOurs(tag, page.url, config))
  const [tag] = tags
  if (!tag) {
    said.wrong(
      `The tag is not in ${page.url}.`,
      `Put it on every page: <script async src="${config.publicUrl ?? 'https://…'}${config.snippetPath}" data-key="…"></script>. What a tag manager adds cannot be seen from here.`,
    )
  } else {
    if (tags.length > 1) said.note('The tag is there more than once.', 'One is enough; the first counts.')
    await checkTag(tag, page, config, said)
    checkKey(tag, page, known, said)
    checkPolicies(tag, page, said)
    checkCookie(tag, page, said)
  }
  await checkRedirects(address, page, tag?.['data-params']?.split(',')[0] || 'ref', said)
  const date = Date.parse(page.headers.get('date') ?? '')
  return { findings: said.all, at: Number.isNaN(date) ? null : new Date(date) }
}

function isOurs(tag: Tag, page: string, { snippetPath, keyPrefix }: Config) {
  const path = URL.parse(tag.src ?? '', page)?.pathname ?? ''
  return path === snippetPath || /\/m(\.[\w-]+)?\.js$/.test(path) || tag['data-key']?.startsWith(`${keyPrefix}_`) === true
}

async function checkTag(tag: Tag, page: Page, { publicUrl }: Config, said: Findings) {
  const src = new URL(tag.src ?? '', page.url).href
  if (tag.type === 'module')
    said.wrong('The tag is a module, and then cannot find its own attributes.', 'Take type="module" out.')
  if (src.startsWith('http:') && page.url.startsWith('https:'))
    said.wrong(`Browsers load no script from ${src} into a page with https.`, 'Write https: into the tag.')
  const told = tellsTo(tag, page)
  if (publicUrl && told !== new URL(publicUrl).origin)
    said.note(
      `The tag tells ${told} of clicks, and PUBLIC_URL is ${publicUrl}.`,
      'That is right where the site passes them on; else name this server in the tag.',
    )
  try {
    const reply = await fetch(src, { signal: AbortSignal.timeout(10_000) })
    const script = await reply.text()
    if (!reply.ok) said.wrong(`${src} answers ${reply.status}.`, 'Check the address in the tag, and that this server runs.')
    else if (!script.includes('mislata_ref')) said.wrong(`${src} is another script.`, 'Check the address in the tag.')
    else said.ok(`The tag is there, and ${src} can be loaded.`)
  } catch (error) {
    const why = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message
    said.wrong(`${src} cannot be loaded: ${why}`, 'Check the address in the tag, and that this server runs.')
  }
}

/** The origin that is told of clicks. */
function tellsTo(tag: Tag, page: Page) {
  return new URL(tag['data-api'] || (tag.src ?? ''), page.url).origin
}

function checkKey(tag: Tag, page: Page, known: Known | null, said: Findings) {
  if (!known) return said.note('Without the database the key in the tag is not checked.', 'Run this where the server runs.')
  const { origin } = new URL(page.url)
  const text = tag['data-key']
  const key = text ? known.keys.get(hashed(text)) : undefined
  if (text && !key)
    return said.wrong(
      'The key in the tag is not of this installation, or has been revoked.',
      'Put the publishable key of the program there.',
    )
  if (key?.type === 'secret')
    return said.wrong('A secret key is on the page, for everybody to read.', 'Revoke it now, and put the publishable one there.')
  const [only, another] = known.programs.values()
  if (!text && (!only || another))
    return said.wrong(
      'The tag has no key, and this server has more than one program.',
      'Put the publishable key of the program there.',
    )
  const program = key?.program ?? only
  if (!program) return
  if (program.settings.allowedOrigins.includes(origin)) return said.ok(`${program.settings.name} takes clicks from ${origin}.`)
  said.wrong(
    `${program.settings.name} refuses clicks from ${origin}.`,
    `Add it to allowedOrigins: PATCH /v1/apps/${program.id}, or in the program's settings.`,
  )
}

function checkPolicies(tag: Tag, page: Page, said: Findings) {
  const inPage = tagsIn(page.html, 'meta').filter(each => each['http-equiv']?.toLowerCase() === 'content-security-policy')
  const header = page.headers.get('content-security-policy')
  const policies = policiesIn([...(header ? [header] : []), ...inPage.map(each => each.content ?? '')])
  const src = new URL(tag.src ?? '', page.url)
  const api = tellsTo(tag, page)
  const script = { address: src.href, page: page.url, nonce: tag.nonce, integrity: tag.integrity }
  const click = { address: `${api}/referrals/click`, page: page.url }
  const stopped = policies.flatMap(policy => [
    { by: blocksScript(policy, script), what: 'the script', add: `${src.origin} to script-src, or a nonce to the tag` },
    { by: blocksConnection(policy, click), what: 'the click', add: `${api} to connect-src` },
  ])
  const blocking = stopped.filter(each => each.by !== undefined)
  for (const { by, what, add } of blocking) said.wrong(`The content security policy stops ${what}: ${by}`, `Add ${add}.`)
  if (policies.length && !blocking.length) said.ok('The content security policy lets the tag work.')
}

/** A cookie that the server sets lasts as long as the program says; a script's lasts seven days in Safari. */
function checkCookie(tag: Tag, page: Page, said: Findings) {
  const { hostname } = new URL(page.url)
  const domain = tag['data-domain']?.replace(/^\./, '')
  if (domain && hostname !== domain && !hostname.endsWith(`.${domain}`))
    return said.wrong(
      `data-domain is ${domain}, and a page of ${hostname} cannot set a cookie there.`,
      'Take data-domain out: it is found by itself.',
    )
  const own = (host: string) => getDomain(host, { allowPrivateDomains: true }) ?? host
  const api = new URL(tellsTo(tag, page)).hostname
  if (own(hostname) === own(api))
    return said.ok(`Site and server share ${own(api)}, so the cookie lasts as long as the program says.`)
  said.note(
    `The server is on ${own(api)} and the site on ${own(hostname)}, so the cookie is a script's, which Safari ends after seven days.`,
    `Give the server a name such as partners.${own(hostname)}, or use the middleware.`,
  )
}

async function checkRedirects(address: string, page: Page, param: string, said: Findings) {
  const { hostname, protocol } = new URL(address)
  const unencrypted = protocol === 'https:' && !/^(127\.|\[|localhost)/.test(hostname) ? [address.replace('https:', 'http:')] : []
  const starts = new Set([address, page.url, ...unencrypted])
  let dropped = false
  for (const start of starts) {
    const url = new URL(start)
    url.searchParams.set(param, 'doctor')
    // A site that takes no unencrypted visits loses nobody to a redirect.
    const there = await pageAt(url.href).catch(() => null)
    const drop = there?.hops.find(({ from, to }) => has(from, param) && !has(to, param))
    if (!drop) continue
    dropped = true
    said.wrong(
      `${drop.from} answers ${drop.status} and leads to ${drop.to}, without ?${param}: partners' links lose their code there.`,
      'Carry the query along in the redirect, or put the middleware before it.',
    )
  }
  if (!dropped) said.ok(`No redirect drops ?${param}.`)
}

function has(address: string, param: string) {
  return new URL(address).searchParams.get(param) === 'doctor'
}
