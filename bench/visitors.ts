/** What the generator sends, and so what must be found in the database afterwards. */
export type Kind = 'fresh' | 'repeat' | 'bot' | 'unknown'

export type Site = { key: string; codes: string[] }

const browsers = [120, 121, 122, 123, 124, 125, 126, 127].flatMap(version =>
  ['Windows NT 10.0; Win64; x64', 'Macintosh; Intel Mac OS X 10_15_7', 'X11; Linux x86_64', 'Linux; Android 10; K'].map(
    system => `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
  ),
)
const bot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'

/** Of a hundred visitors two are bots, two come with a code that nobody has, and two click again. */
export function kindOf(visitor: number): Kind {
  const place = visitor % 100
  if (place < 2) return 'bot'
  if (place < 4) return 'unknown'
  return place < 6 ? 'repeat' : 'fresh'
}

/** The request of one visitor as a browser and a reverse proxy write it. The same number always gives the same text. */
export function request({ key, codes }: Site, visitor: number, kind: Kind, keepAlive: boolean) {
  const code = kind === 'unknown' ? 'NOBODY-AT-ALL' : codes[visitor % codes.length]
  const clickId = `clk_${Date.now().toString(36)}${String(visitor).padStart(16, '0')}`
  // One in five comes from an advertisement that has given them an address of their own.
  const flag = visitor % 5 ? '' : `&fbclid=IwY2xjawGx${String(visitor).padStart(50, 'a')}`
  const body = JSON.stringify({
    key,
    code,
    clickId,
    url: `https://acme.example/pricing?utm_source=newsletter&utm_campaign=spring&ref=${code}${flag}`,
    referrer: 'https://blog.example/the-best-tools',
  })
  return `POST /referrals/click HTTP/1.1\r
host: partners.acme.example\r
user-agent: ${kind === 'bot' ? bot : browsers[visitor % browsers.length]}\r
accept: */*\r
accept-language: en-GB,en;q=0.9\r
accept-encoding: gzip, deflate, br\r
content-type: text/plain;charset=UTF-8\r
origin: https://acme.example\r
referer: https://acme.example/\r
sec-fetch-dest: empty\r
sec-fetch-mode: cors\r
sec-fetch-site: cross-site\r
x-forwarded-for: ${address(visitor)}\r
content-length: ${body.length}\r
connection: ${keepAlive ? 'keep-alive' : 'close'}\r
\r
${body}`
}

// One address for each visitor: 10.0.0.0 to 10.255.255.255.
function address(visitor: number) {
  return `10.${(visitor >> 16) & 255}.${(visitor >> 8) & 255}.${visitor & 255}`
}
