import { expect } from 'vitest'

// What pain.001.001.09 asks of the elements that stand in a SEPA credit transfer, as its schema has them: which come in which
// order, how often, and what a text in them looks like. Written down from the published schema, and not from what we send.
type Element = { children: [name: string, min: number, max: number][] } | { text: RegExp; currency?: true }

// The Latin letters, digits and signs that every bank of the scheme takes.
const set = "[A-Za-z0-9/\\-?:().,'+ ]"
const id = (max: number) => new RegExp(`^(?!/)(?!.*//)${set}{1,${max}}(?<!/)$`)
const text = (max: number) => new RegExp(`^(?! )${set}{1,${max}}(?<! )$`)
const amount = /^(0|[1-9]\d{0,8})\.\d\d$/
const iban = /^[A-Z]{2}\d{2}[a-zA-Z0-9]{1,30}$/
const bic = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/

const elements: Record<string, Element> = {
  Document: { children: [['CstmrCdtTrfInitn', 1, 1]] },
  CstmrCdtTrfInitn: {
    children: [
      ['GrpHdr', 1, 1],
      ['PmtInf', 1, 1],
    ],
  },
  GrpHdr: {
    children: [
      ['MsgId', 1, 1],
      ['CreDtTm', 1, 1],
      ['NbOfTxs', 1, 1],
      ['CtrlSum', 0, 1],
      ['InitgPty', 1, 1],
    ],
  },
  InitgPty: { children: [['Nm', 0, 1]] },
  PmtInf: {
    children: [
      ['PmtInfId', 1, 1],
      ['PmtMtd', 1, 1],
      ['BtchBookg', 0, 1],
      ['NbOfTxs', 0, 1],
      ['CtrlSum', 0, 1],
      ['PmtTpInf', 0, 1],
      ['ReqdExctnDt', 1, 1],
      ['Dbtr', 1, 1],
      ['DbtrAcct', 1, 1],
      ['DbtrAgt', 1, 1],
      ['UltmtDbtr', 0, 1],
      ['ChrgBr', 0, 1],
      ['CdtTrfTxInf', 1, Number.POSITIVE_INFINITY],
    ],
  },
  PmtTpInf: {
    children: [
      ['InstrPrty', 0, 1],
      ['SvcLvl', 0, 1],
    ],
  },
  SvcLvl: { children: [['Cd', 1, 1]] },
  ReqdExctnDt: { children: [['Dt', 1, 1]] },
  Dbtr: { children: [['Nm', 1, 1]] },
  DbtrAcct: { children: [['Id', 1, 1]] },
  DbtrAgt: { children: [['FinInstnId', 1, 1]] },
  CdtTrfTxInf: {
    children: [
      ['PmtId', 1, 1],
      ['Amt', 1, 1],
      ['CdtrAgt', 0, 1],
      ['Cdtr', 1, 1],
      ['CdtrAcct', 1, 1],
      ['Purp', 0, 1],
      ['RmtInf', 0, 1],
    ],
  },
  PmtId: {
    children: [
      ['InstrId', 0, 1],
      ['EndToEndId', 1, 1],
    ],
  },
  Amt: { children: [['InstdAmt', 1, 1]] },
  CdtrAgt: { children: [['FinInstnId', 1, 1]] },
  Cdtr: { children: [['Nm', 1, 1]] },
  CdtrAcct: { children: [['Id', 1, 1]] },
  RmtInf: { children: [['Ustrd', 0, 1]] },
  'DbtrAcct/Id': { children: [['IBAN', 1, 1]] },
  'CdtrAcct/Id': { children: [['IBAN', 1, 1]] },
  'DbtrAgt/FinInstnId': {
    children: [
      ['BICFI', 0, 1],
      ['Othr', 0, 1],
    ],
  },
  'CdtrAgt/FinInstnId': { children: [['BICFI', 1, 1]] },
  'FinInstnId/Othr': { children: [['Id', 1, 1]] },
  'Othr/Id': { text: /^NOTPROVIDED$/ },
  MsgId: { text: id(35) },
  PmtInfId: { text: id(35) },
  EndToEndId: { text: id(35) },
  CreDtTm: { text: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/ },
  NbOfTxs: { text: /^[1-9]\d{0,14}$/ },
  CtrlSum: { text: /^\d{1,16}\.\d\d$/ },
  Nm: { text: text(70) },
  PmtMtd: { text: /^TRF$/ },
  BtchBookg: { text: /^(true|false)$/ },
  Cd: { text: /^SEPA$/ },
  Dt: { text: /^\d{4}-\d\d-\d\d$/ },
  ChrgBr: { text: /^SLEV$/ },
  InstdAmt: { text: amount, currency: true },
  IBAN: { text: iban },
  BICFI: { text: bic },
  Ustrd: { text: text(140) },
}

export type Node = { name: string; attributes: string; children: Node[]; text: string }

/** An XML document as a tree; throws where tags do not close as they open. */
export function treeOf(xml: string): Node {
  const open: Node[] = [{ name: '', attributes: '', children: [], text: '' }]
  for (const [, text = '', close, name = '', attributes = ''] of xml
    .replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '')
    .matchAll(/([^<]*)<(\/?)([A-Za-z]+)((?: [A-Za-z]+="[^"<&]*")*)>/g)) {
    const current = open.at(-1)
    if (!current) throw new Error('A tag too many is closed')
    if (close) {
      if (current.name !== name) throw new Error(`${current.name} is closed as ${name}`)
      current.text = current.children.length ? current.text : text
      open.pop()
    } else {
      const node = { name, attributes: attributes.trim(), children: [], text: '' }
      current.children.push(node)
      open.push(node)
    }
  }
  const [root, rest] = open[0]?.children ?? []
  if (!root || rest || open.length !== 1) throw new Error('That is no document')
  return root
}

/** Every element is one that the schema knows, in its order, as often as it may be, with such a text. */
export function expectPain001(xml: string): Node {
  const document = treeOf(xml)
  expect(document.attributes).toBe('xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"')
  walk(document, '')
  return document
}

function walk(node: Node, parent: string) {
  const rule = elements[`${parent}/${node.name}`] ?? elements[node.name]
  if (!rule) throw new Error(`The schema has no ${parent}/${node.name}`)
  if ('text' in rule) {
    expect(node.children, node.name).toEqual([])
    expect(node.text, `${parent}/${node.name}`).toMatch(rule.text)
    expect(node.attributes).toBe(rule.currency ? 'Ccy="EUR"' : '')
    return
  }
  const names = node.children.map(each => each.name)
  const known = rule.children.map(([name]) => name)
  const places = names.map(name => known.indexOf(name))
  expect(places, `${node.name}: ${names}`).toEqual([...places].sort((a, b) => a - b))
  for (const [name, min, max] of rule.children) {
    const count = names.filter(each => each === name).length
    expect(count >= min && count <= max, `${count} of ${node.name}/${name}`).toBe(true)
  }
  for (const child of node.children) walk(child, node.name)
}

/** The texts of all elements of that name, in their order. */
export function textsOf(node: Node, name: string): string[] {
  return [...(node.name === name ? [node.text] : []), ...node.children.flatMap(each => textsOf(each, name))]
}
