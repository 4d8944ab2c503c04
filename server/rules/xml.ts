/** An element: its name without a prefix, the line that it begins on, and what is in it. */
export type Element = { name: string; line: number; children: Element[]; text: string; attributes: string }

const token =
  /<\?.*?\?>|<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<(\/?)([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/sy
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const DEEPEST = 40

/**
 * An XML document as a tree, as far as the messages of banks need it; null where it is not well formed. A document type is
 * refused, and with it every entity but the five that XML has: nothing is looked up and nothing grows.
 */
export function treeOf(source: string): Element | null {
  const root: Element = { name: '', line: 1, children: [], text: '', attributes: '' }
  const open = [root]
  const text = source.replace(/^\ufeff/, '')
  let line = 1
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const found = token.exec(text)
    const current = open.at(-1)
    if (!found || !current) return null
    const [all, data, close, name = '', attributes = '', empty, plain] = found
    const read = plain === undefined ? (data ?? '') : unescaped(plain)
    if (read === null || (open.length === 1 && read.trim() !== '')) return null
    current.text += read
    const local = name.replace(/^.*:/, '')
    if (name && close) {
      if (current.name !== local || open.length === 1) return null
      open.pop()
    } else if (name) {
      const element = { name: local, line, children: [], text: '', attributes }
      current.children.push(element)
      if (!empty) open.push(element)
      if (open.length > DEEPEST) return null
    }
    line += all.split('\n').length - 1
  }
  const [only, another] = root.children
  return only && !another && open.length === 1 ? only : null
}

/** All elements of that name, however deep, in their order. */
export function every({ children }: Element, name: string): Element[] {
  return children.flatMap(each => (each.name === name ? [each] : every(each, name)))
}

/** The text of what lies at a path, without the space around it; empty where there is nothing. */
export function textAt(element: Element, ...path: string[]): string {
  return (at(element, ...path)?.text ?? '').trim()
}

/** What lies at a path. */
export function at(element: Element, ...path: string[]): Element | undefined {
  return path.reduce<Element | undefined>((from, name) => from?.children.find(each => each.name === name), element)
}

function unescaped(text: string): string | null {
  let isRight = true
  const plain = text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+))?;?/g, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined
    const read = code === undefined ? entities[name ?? ''] : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
    if (read === undefined || !whole.endsWith(';')) isRight = false
    return read ?? ''
  })
  return isRight ? plain : null
}
