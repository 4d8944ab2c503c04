import { globSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// `node scripts/block-lists.ts FOLDER` asks block lists about the snippet and the widget; docs/snippet.md tells what FOLDER is to
// hold. What is blocked is printed with its rule, and then how many names were asked.

type Rule = {
  action: { type: string }
  condition: {
    urlFilter?: string
    regexFilter?: string
    requestDomains?: string[]
    initiatorDomains?: string[]
    domainType?: 'firstParty' | 'thirdParty'
    resourceTypes?: string[]
    excludedResourceTypes?: string[]
  }
}
type Asked = { url: string; type: 'script' | 'xhr' | 'ping'; sourceUrl: string }
type Engine = { match(request: unknown): { match: boolean; filter?: { toString(): string } } }
type Adblocker = {
  FiltersEngine: { parse(text: string, options: object): Engine }
  Request: { fromRawDetails(asked: Asked): unknown }
}

const [folder = '.'] = process.argv.slice(2)
const { FiltersEngine, Request } = await adblocker()

const HERE = 'https://www.acme.com/'
const ELSEWHERE = 'https://www.shop.example/pricing'
const built = ['dist/snippet', 'dist/widget'].flatMap(place => readdirSync(place)).filter(name => name.endsWith('.js'))
const names = words(
  'm.js m.4f0c21ab9d3e.js widget.classic.js visit partner partners widget snippet portal refer referral referrals',
)
const otherNames = words('affiliate affiliates referral-tracking referral_tracking affiliate-tracker affiliatetracking tracking')
const hosts = words('partners referrals refer go track clicks stats affiliate affiliates tracking analytics ads')
const paths = words('click me qr.svg?code=A').map(path => `/referrals/${path}`)
const widgetPaths = words('dashboard?days=30 apply apply/status codes api-keys deals').map(path => `/v1/affiliate/${path}`)
const others = words(
  'https://r.wdfl.co/rw.js https://cdn.firstpromoter.com/fpr.js https://cdn.tolt.io/tolt.js https://script.tapfiliate.com/tapfiliate.js https://js.partnerstack.com/v1/ https://www.google-analytics.com/analytics.js',
)

for (const [list, lines] of lists()) {
  const engine = FiltersEngine.parse(lines, { enableOptimizations: false, loadCosmeticFilters: false })
  console.log(`\n${list}: ${lines.split('\n').length.toLocaleString('en')} lines`)
  const everywhere = (type: Asked['type'], path: string) => [
    { url: `https://partners.acme.com${path}`, type, sourceUrl: ELSEWHERE },
    { url: `https://partners.acme.com${path}`, type, sourceUrl: HERE },
    { url: `https://www.acme.com/partners${path}`, type, sourceUrl: HERE },
  ]
  const file = (name: string) => everywhere('script', `/${name.replace(/^[\w-]+$/, '$&.js')}`)
  report(engine, 'our files', [...built, ...words('m.js m.4f0c21ab9d3e.js widget.classic.js')].flatMap(file))
  report(
    engine,
    'our addresses',
    [...paths, '/v1/affiliate', ...widgetPaths].flatMap(path => everywhere('xhr', path)),
  )
  report(engine, 'by ping', everywhere('ping', '/referrals/click'))
  for (const [where, sourceUrl] of Object.entries({ 'other sites': ELSEWHERE, 'its own site': HERE }))
    report(
      engine,
      `hosts on ${where}`,
      hosts.flatMap(host => [
        { url: `https://${host}.acme.com/m.js`, type: 'script', sourceUrl },
        { url: `https://${host}.acme.com/referrals/click`, type: 'xhr', sourceUrl },
      ]),
    )
  report(engine, 'other names', [...names, ...otherNames].flatMap(file))
  report(
    engine,
    'other services',
    others.map(url => ({ url, type: 'script', sourceUrl: ELSEWHERE })),
  )
}

function report(engine: Engine, what: string, asked: Asked[]) {
  const blocked = asked.flatMap(one => {
    const { match, filter } = engine.match(Request.fromRawDetails(one))
    return match ? [`    ${one.url} from ${new URL(one.sourceUrl).host}, by ${filter}`] : []
  })
  console.log([`  ${what}: ${asked.length} asked, ${blocked.length} blocked`, ...blocked].join('\n'))
}

/** Each list by its name: all texts of a set as one, because what one blocks another may allow. */
function* lists(): Generator<[name: string, lines: string]> {
  for (const set of readdirSync(join(folder, 'lists'), { withFileTypes: true })) {
    const texts = globSync(join(folder, 'lists', set.name, '**/*.txt')).map(path => readFileSync(path, 'utf8'))
    const rules = globSync(join(folder, 'lists', set.name, '**/ruleset_*.json')).flatMap(path => declared(path))
    yield [set.name, [...texts, ...rules].join('\n')]
  }
}

/** The rules of a browser's declarative format that hold on every site, in the words of the texts. */
function declared(path: string): string[] {
  return (JSON.parse(readFileSync(path, 'utf8')) as Rule[]).flatMap(({ action, condition: c }) => {
    if (!['block', 'allow'].includes(action.type) || c.initiatorDomains) return []
    const bases = c.regexFilter
      ? [`/${c.regexFilter}/`]
      : (c.requestDomains?.map(domain => (c.urlFilter?.startsWith('|') ? c.urlFilter : `||${domain}^${c.urlFilter ?? ''}`)) ??
        (c.urlFilter ? [c.urlFilter] : []))
    const options = [
      ...(c.domainType ? [c.domainType === 'thirdParty' ? 'third-party' : '~third-party'] : []),
      ...kinds(c.resourceTypes ?? []),
      ...kinds((c.excludedResourceTypes ?? []).filter(kind => kind !== 'main_frame')).map(kind => `~${kind}`),
    ]
    return bases.map(base => `${action.type === 'allow' ? '@@' : ''}${base}${options.length ? `$${options.join()}` : ''}`)
  })
}

function kinds(given: string[]) {
  const known = words('script image stylesheet ping font media websocket object other')
  const renamed: Record<string, string> = { main_frame: 'document', sub_frame: 'subdocument', xmlhttprequest: 'xhr' }
  return [...new Set(given.map(kind => (known.includes(kind) ? kind : (renamed[kind] ?? 'other'))))]
}

async function adblocker() {
  const require = createRequire(resolve(folder, 'package.json'))
  return (await import(pathToFileURL(require.resolve('@ghostery/adblocker')).href)) as Adblocker
}

function words(text: string) {
  return text.split(' ')
}
