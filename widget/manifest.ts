import type { Events, MislataElement } from './public.ts'

// What a page may say to the elements and style of them, for editors and documentation tools. `dist/custom-elements.json`
// is made of this, and a test holds it against the elements as they are.

const attributes = {
  'publishable-key': ['string', '', 'Whose programme it is.'],
  api: ['string', '', 'The server to ask; by default the one that the script came from.'],
  token: ['string', '', 'The session token itself, where the property `getToken` is too much.'],
  lang: ['string', '', 'The language; by default that of the page.'],
  dir: ['"ltr" | "rtl" | "auto"', '', 'The direction; by default that of the language.'],
  theme: ['"auto" | "light" | "dark"', 'auto', 'Light or dark; by default as the reader’s system.'],
} as const

const members = {
  getToken: [
    '(() => Promise<string | null | undefined>) | undefined',
    'Resolves to the session token of whoever is signed in. Called when a token is needed, before its end, and once when the server refuses it.',
  ],
  wording: ['Partial<Wording>', 'Sentences in place of our own, by their names.'],
} as const satisfies Record<Exclude<keyof MislataElement, keyof HTMLElement>, readonly [string, string]>

const events = {
  ready: ['Record<string, never>', 'The first content stands there.'],
  applied: ['Record<string, never>', 'An application was sent.'],
  status: ['{ status: string }', 'It is known, or has changed, where somebody stands.'],
  error: ['{ code: string }', 'Something could not be loaded.'],
  copied: ['{ text: string }', 'A link is in the clipboard.'],
} as const satisfies Record<keyof Events, readonly [string, string]>

const properties = {
  '--mislata-accent': 'The accent colour; by default the program’s own. Every other colour follows.',
  '--mislata-radius': 'How round corners are.',
  '--mislata-font': 'The typeface; by default the page’s.',
  '--mislata-mono': 'The typeface of links and codes; by default the system’s monospaced one.',
  '--mislata-bg': 'The background. Set it together with `--mislata-fg` and `theme`.',
  '--mislata-fg': 'The text.',
}

const everywhere = {
  card: 'the frame',
  title: 'its heading',
  button: 'a button',
  error: 'what went wrong',
}
const inForms = { label: 'what a control is for', input: 'a control', link: 'a link' }
const inStates = { state: 'a dot with its word', link: 'a link' }
const inAccounts = {
  state: 'a dot with its word',
  figures: 'figures side by side',
  figure: 'one of them',
  'link-row': 'a link with its buttons',
  input: 'the link, or a control',
  label: 'what a control is for',
  qr: 'a QR code',
}
const inDashboards = {
  ...inAccounts,
  tabs: 'the tabs',
  ranges: 'the choice of days',
  chart: 'the chart',
  earnings: 'the table of earnings',
  payouts: 'the table of payouts',
  payment: 'how the partner is paid, and its form',
  'link-figures': 'what a link has brought',
  deals: 'the list of deals',
  keys: 'the list of keys',
  webhooks: 'the list of webhooks',
  note: 'the rules at the end',
}

const elements = [
  {
    tag: 'mislata-program',
    says: 'The form, the state of the application or the dashboard: whichever is right.',
    parts: { ...everywhere, ...inForms, ...inStates, ...inDashboards },
  },
  {
    tag: 'mislata-apply',
    says: 'The form; once it is sent, the state of the application.',
    parts: { ...everywhere, ...inForms, ...inStates },
  },
  {
    tag: 'mislata-status',
    says: 'The state of the application; where there is none, the step to the form.',
    parts: { ...everywhere, ...inStates },
  },
  {
    tag: 'mislata-dashboard',
    says: 'What a partner earns, is paid and shares. Needs a session.',
    parts: { ...everywhere, ...inDashboards },
  },
  {
    tag: 'mislata-refer',
    says: 'A customer’s own link, what both sides get for it, and what has come of it. Needs a session.',
    parts: { ...everywhere, ...inAccounts, events: 'what came of the link' },
  },
] as const

const described = (each: Record<string, string>) => Object.entries(each).map(([name, description]) => ({ name, description }))

/** The custom elements manifest, schema 1.0.0. `path`: where the module stands in the package. */
export function manifest(path: string) {
  const declarations = elements.map(({ tag, says, parts }) => ({
    kind: 'class',
    customElement: true,
    name: className(tag),
    tagName: tag,
    description: says,
    superclass: { name: 'HTMLElement' },
    attributes: Object.entries(attributes).map(([name, [text, value, description]]) => ({
      name,
      type: { text },
      ...(value && { default: `"${value}"` }),
      description,
    })),
    members: Object.entries(members).map(([name, [text, description]]) => ({ kind: 'field', name, type: { text }, description })),
    events: Object.entries(events).map(([name, [text, description]]) => ({
      name: `mislata:${name}`,
      type: { text: `CustomEvent<${text}>` },
      description,
    })),
    slots: [],
    cssParts: described(parts),
    cssProperties: described(properties),
  }))
  const exports = elements.map(({ tag }) => ({
    kind: 'custom-element-definition',
    name: tag,
    declaration: { name: className(tag), module: path },
  }))
  return { schemaVersion: '1.0.0', readme: 'README.md', modules: [{ kind: 'javascript-module', path, declarations, exports }] }
}

const className = (tag: string) => tag.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
