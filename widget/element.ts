import { batch, computed, effect, signal, untracked } from '@preact/signals'
import { render, type VNode } from 'preact'
import { connection } from './api.ts'
import { choose, directionOf } from './language.ts'
import type { Events, GetToken, MislataElement } from './public.ts'
import style from './style.css?inline'
import { subjectOf } from './token.ts'
import apply from './views/apply.css?inline'
import skeleton from './views/skeleton.css?inline'
import type { Wording } from './wording/wording.ts'

/** What an element shows from one connection to the next. */
export type Stage = { view(): VNode; leave(): void }

export type Emit = <Name extends keyof Events>(name: Name, detail: Events[Name]) => void

export type Settings = ReturnType<typeof blank>

// Importing the widget where there is no document, as a server that renders pages does, must not fail.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement)

let sheet: CSSStyleSheet | undefined

/** A shadow root whose content is one function of signals, and attributes and properties that are signals. */
export abstract class WidgetElement extends Base implements MislataElement {
  static readonly observedAttributes = ['api', 'publishable-key', 'token', 'lang', 'dir']
  readonly #settings = blank()
  readonly #root = this.attachShadow({ mode: 'open' })
  // A page that speaks several languages changes its `lang` where it is.
  readonly #retold = new MutationObserver(() => this.#soon())
  #stop: (() => void) | undefined
  #due = false
  #adrift = false

  constructor() {
    super()
    // A constructed sheet is the one kind that a strict content security policy lets into a shadow root.
    if (!sheet) {
      sheet = new CSSStyleSheet()
      sheet.replaceSync(style + apply + skeleton)
    }
    this.#root.adoptedStyleSheets = [sheet]
  }

  protected abstract enter(settings: Settings, emit: Emit, root: ShadowRoot): Stage

  get getToken() {
    return this.#settings.getToken.peek()
  }
  set getToken(ask: GetToken | undefined) {
    this.#settings.getToken.value = ask
  }

  get wording() {
    return this.#settings.wording.peek()
  }
  set wording(sentences: Partial<Wording>) {
    this.#settings.wording.value = sentences
  }

  connectedCallback() {
    for (const name of ['getToken', 'wording'] as const) upgrade(this, name)
    this.#retold.observe(document, { subtree: true, attributeFilter: ['lang'] })
    this.#soon()
  }

  attributeChangedCallback() {
    this.#soon()
  }

  disconnectedCallback() {
    this.#retold.disconnect()
    this.#stop?.()
    this.#stop = undefined
    render(null, this.#root)
  }

  // Its presence makes `moveBefore` keep a half-filled form instead of calling the two above.
  connectedMoveCallback() {}

  // Frameworks set attributes and properties one by one, some after the element is in the page: all that come
  // in one task count as one change.
  #soon() {
    if (this.#due) return
    this.#due = true
    queueMicrotask(() => {
      this.#due = false
      if (!this.isConnected) return
      batch(() => {
        const { api, publishableKey, token, lang, dir, font } = this.#settings
        api.value = (this.getAttribute('api') || connection.origin).replace(/\/+$/, '')
        publishableKey.value = this.getAttribute('publishable-key') ?? ''
        token.value = this.getAttribute('token') ?? ''
        const declared = languageAround(this)
        lang.value = choose(declared ? [declared] : navigator.languages)
        dir.value = (this.dir as '') || (this.lang && directionOf(this.lang)) || ''
        font.value = fontFor(this)
      })
      this.#stop ??= this.#start()
    })
  }

  // Where a view takes the focused control away, as sending a form does, the focus goes to the next view's heading.
  #draw(view: VNode) {
    const hadFocus = this.#root.activeElement
    render(view, this.#root)
    if (hadFocus && !this.#root.activeElement) this.#adrift = true
    const title = this.#adrift && this.#root.querySelector('h2')
    if (!title) return
    this.#adrift = false
    if (document.activeElement === document.body) title.focus()
  }

  #start() {
    return effect(() => {
      const { api, publishableKey, identity } = this.#settings
      void [api.value, publishableKey.value, identity.value]
      return untracked(() => {
        const emit: Emit = (name, detail) =>
          void this.dispatchEvent(new CustomEvent(`mislata:${name}`, { detail, bubbles: true, composed: true }))
        const stage = this.enter(this.#settings, emit, this.#root)
        const stopDrawing = effect(() => this.#draw(stage.view()))
        return () => {
          stopDrawing()
          stage.leave()
        }
      })
    })
  }
}

function blank() {
  const token = signal('')
  const getToken = signal<GetToken | undefined>()
  // A renewed token of the same customer, or a new function to ask for one, is no reason to begin again.
  const identity = computed(() => (token.value ? subjectOf(token.value) : getToken.value ? 'asked' : ''))
  return {
    api: signal(''),
    publishableKey: signal(''),
    token,
    getToken,
    identity,
    lang: signal(''),
    /** The page's own where it is empty. */
    dir: signal<'' | 'ltr' | 'rtl' | 'auto'>(''),
    font: signal(''),
    wording: signal<Partial<Wording>>({}),
  }
}

/** A property that was set before the element was defined hides the accessor: set it again. */
function upgrade(element: WidgetElement, name: 'getToken' | 'wording') {
  if (!Object.hasOwn(element, name)) return
  const value = element[name]
  delete (element as Partial<WidgetElement>)[name]
  Object.assign(element, { [name]: value })
}

/** What the page says of the language here, from the nearest on, out of every shadow root. */
function languageAround(element: Element): string {
  const near = element.closest<HTMLElement>('[lang]')
  if (near) return near.lang
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? languageAround(root.host) : ''
}

/** A page that chose no font gets its browser's serif; there the system's own reads better. */
function fontFor(element: Element) {
  return /^"?(times|-webkit-standard|serif)/i.test(getComputedStyle(element).fontFamily) ? 'system-ui, sans-serif' : 'inherit'
}
