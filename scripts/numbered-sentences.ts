import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ESTree, type Plugin, parseSync, Visitor } from 'vite'
import { namesOf, numbered } from '../widget/wording/numbered.ts'
import type { Sentence } from '../widget/wording/wording.ts'

// In what visitors load, sentences have numbers: a language is a list of them, and `say.applyTitle` is `say[3]`. Their names,
// which are for whoever writes the code and for hosts with words of their own, would be a quarter of each language's file.

const WORDING = resolve(import.meta.dirname, '../widget/wording')
const SET = /\/widget\/wording\/\w\w\/(start|partner|customer)\.ts$/
const SPEAKS = /\/widget\/(?!wording\/)[^?]*\.tsx?$/

type Names = { start: string[]; partner: string[]; customer: string[] }
type Edit = { start: number; end: number; text: string }

export function numberedSentences(): Plugin {
  let names: Names
  return {
    name: 'numbered-sentences',
    enforce: 'pre',
    async buildStart() {
      const [start, partner, customer] = await Promise.all(
        ['start', 'partner', 'customer'].map(set => said(join(WORDING, `en/${set}.ts`))),
      )
      names = { start: namesOf(start ?? {}), partner: namesOf(partner ?? {}), customer: namesOf(customer ?? {}) }
    },
    async load(id) {
      if (id === join(WORDING, 'names.ts')) return `export const names = ${JSON.stringify(names)}`
      const [, set] = id.match(SET) ?? []
      if (!set) return null
      for (const file of leavesOf(id)) this.addWatchFile(file)
      const sentences = await said(id)
      if (namesOf(sentences).join() !== names[set as keyof Names].join()) throw new Error(`${id} does not say what English says`)
      return `export const sentences = ${JSON.stringify(numbered(sentences))}`
    },
    transform: (code, id) => (SPEAKS.test(id) && /\bsay/.test(code) ? { code: inNumbers(id, code, names), map: null } : null),
  }
}

/** A set is made of other files, in the order of its imports, or is one itself. */
function leavesOf(path: string): string[] {
  const imports = [...readFileSync(path, 'utf8').matchAll(/^import \{ sentences .* from '(.*)'/gm)].map(([, from = '']) =>
    join(path, '..', from),
  )
  return imports.length ? imports : [path]
}

// While somebody writes, each is read again as it is now.
async function said(path: string): Promise<Record<string, Sentence>> {
  const modules = leavesOf(path).map(file => import(`${file}?${statSync(file).mtimeMs}`))
  return Object.assign({}, ...(await Promise.all(modules)).map(({ sentences }) => sentences))
}

function inNumbers(path: string, code: string, names: Names) {
  const edits: Edit[] = []
  const number = (node: ESTree.Node, name: string) => {
    const [at, ...others] = numbersOf(name, names)
    if (at === undefined) throw new Error(`${path}: there is no sentence ${name}, at ${code.slice(node.start, node.end)}`)
    return [at, ...others]
  }
  const visitor = new Visitor({
    MemberExpression(node) {
      if (!isSay(node.object)) return
      const at = { start: node.object.end, end: node.end }
      if (!node.computed && node.property.type === 'Identifier')
        edits.push({ ...at, text: `[${number(node, node.property.name)[0]}]` })
      else if (node.property.type === 'Literal') {
        const [, family, member] = String(node.property.value).match(/^(\w+\.)(.+)$/) ?? []
        if (!family) throw new Error(`${path}: write .${node.property.value}`)
        edits.push({ ...at, text: `[${number(node, family)[0]}][${JSON.stringify(`.${member}`)}]` })
      } else if (node.property.type === 'TemplateLiteral') {
        const [first] = node.property.quasis
        const family = first?.value.raw ?? ''
        const member = `\`.\${${code.slice(node.property.expressions[0]?.start, node.property.end)}`
        const say = code.slice(node.object.start, node.object.end)
        const [one, other] = number(node, family).map(at => `${say}[${at}]?.[${member}]`)
        edits.push({ start: node.start, end: node.end, text: other ? `(${one} ?? ${other})` : `${one}` })
      }
    },
    // A fault is kept by the name of what is said of it.
    Property(node) {
      const { key, value } = node
      if (key.type === 'Identifier' && key.name === 'says' && value.type === 'Literal')
        edits.push({ start: value.start, end: value.end, text: String(number(node, String(value.value))[0]) })
    },
  })
  visitor.visit(parseSync(path, code).program)
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code)
}

/** Both sets go on where `start` ends, and what both have has the same number in each. */
function numbersOf(name: string, { start, partner, customer }: Names): number[] {
  const found = [
    start.indexOf(name),
    ...[partner, customer].map(set => set.indexOf(name)).map(at => (at < 0 ? at : at + start.length)),
  ]
  return [...new Set(found.filter(at => at >= 0))]
}

function isSay(node: ESTree.Node): boolean {
  if (node.type === 'TSAsExpression' || node.type === 'ParenthesizedExpression') return isSay(node.expression)
  if (node.type === 'MemberExpression')
    return !node.computed && node.property.type === 'Identifier' && node.property.name === 'say'
  return node.type === 'Identifier' && node.name === 'say'
}
