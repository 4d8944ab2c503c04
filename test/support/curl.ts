import type { Reply, TestServer } from './server.ts'

/**
 * Sends what a curl command of a documentation says, to a server under test in place of the documented one. `words` are
 * what the reader of the document is to put in: `{ YOUR_API_KEY: 'mislata_sk_…' }`.
 */
export function curl(server: Pick<TestServer, 'ask'>, command: string, words: Record<string, string> = {}): Promise<Reply> {
  let method = ''
  let url = ''
  let raw: string | undefined
  const headers: Record<string, string> = {}
  const [, ...given] = argumentsOf(command).map(each => replaced(each, words))
  for (let at = 0; at < given.length; at++) {
    const argument = given[at] ?? ''
    const value = () => given[++at] ?? ''
    if (argument === '-X') method = value()
    else if (argument === '-d') raw = value()
    else if (argument === '-H') {
      const [name = '', ...rest] = value().split(': ')
      headers[name] = rest.join(': ')
    } else url = argument
  }
  const { pathname, search } = new URL(url)
  return server.ask(method || (raw === undefined ? 'GET' : 'POST'), pathname + search, { headers, raw })
}

function argumentsOf(command: string) {
  const joined = command.trim().replaceAll('\\\n', ' ')
  return [...joined.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '')
}

// The longest first: one placeholder may be the beginning of another.
function replaced(text: string, words: Record<string, string>) {
  const names = Object.keys(words).sort((a, b) => b.length - a.length)
  return names.length ? text.replace(new RegExp(names.join('|'), 'g'), name => words[name] ?? name) : text
}
