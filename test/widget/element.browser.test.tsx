import { signal } from '@preact/signals'
import { afterEach, describe, expect, test } from 'vitest'
import { type Emit, type Settings, type Stage, WidgetElement } from '../../widget/element.ts'

// An element that shows how often it was begun, what it was told, and a control that takes itself away.
const log: string[] = []
class Probe extends WidgetElement {
  emit: Emit | undefined
  protected override enter(settings: Settings, emit: Emit): Stage {
    this.emit = emit
    const isOpen = signal(true)
    const name = settings.publishableKey.peek()
    log.push(`enter ${name}`)
    return {
      view: () => (
        <div>
          <h2 tabIndex={-1}>{`${name} ${settings.lang.value} ${settings.wording.value.retry ?? ''}`}</h2>
          {isOpen.value && (
            <button
              type="button"
              onClick={() => {
                isOpen.value = false
              }}
            >
              Go
            </button>
          )}
        </div>
      ),
      leave: () => void log.push(`leave ${name}`),
    }
  }
}
customElements.define('mislata-probe', Probe)

async function probe(html: string) {
  document.body.innerHTML = html
  await Promise.resolve()
  const element = document.querySelector('mislata-probe') as Probe
  return { element, title: () => element.shadowRoot?.querySelector('h2')?.textContent, root: element.shadowRoot as ShadowRoot }
}

afterEach(() => {
  document.body.replaceChildren()
  log.length = 0
})

describe('An element', () => {
  test('draws itself into its own open root, under one sheet that all share', async () => {
    const { root, title } = await probe('<mislata-probe publishable-key="a" lang="de"></mislata-probe>')
    expect(title()).toBe('a de ')
    const other = document.createElement('mislata-probe') as Probe
    expect(root.adoptedStyleSheets).toHaveLength(1)
    expect(other.shadowRoot?.adoptedStyleSheets[0]).toBe(root.adoptedStyleSheets[0])
    expect(root.querySelector('style, link')).toBeNull()
  })

  test('takes many changes of one moment as one, and begins anew only for those that matter', async () => {
    const { element, title } = await probe('<mislata-probe publishable-key="a" lang="en"></mislata-probe>')
    element.setAttribute('publishable-key', 'b')
    element.setAttribute('api', 'https://other.test')
    element.setAttribute('publishable-key', 'c')
    await Promise.resolve()
    element.setAttribute('lang', 'fr')
    element.wording = { retry: 'Encore' }
    await Promise.resolve()
    expect(title()).toBe('c fr Encore')
    expect(log).toEqual(['enter a', 'leave a', 'enter c'])
  })

  test('takes the language of what it stands in, and then of the browser', async () => {
    expect((await probe('<div lang="ca"><mislata-probe></mislata-probe></div>')).title()).toBe(' ca ')
    document.documentElement.removeAttribute('lang')
    expect((await probe('<mislata-probe></mislata-probe>')).title()).toBe(` ${navigator.language} `)
  })

  test('takes the language of what a shadow root around it stands in, and follows the page when that changes its own', async () => {
    document.body.innerHTML = '<div lang="ja"></div>'
    const inner = document.querySelector('div')?.attachShadow({ mode: 'open' })
    const element = document.createElement('mislata-probe') as Probe
    inner?.append(element)
    await Promise.resolve()
    const title = () => element.shadowRoot?.querySelector('h2')?.textContent
    expect(title()).toBe(' ja ')
    document.querySelector('div')?.setAttribute('lang', 'fr')
    // An observer is told in a microtask, and the element waits for one more.
    await Promise.resolve()
    await Promise.resolve()
    expect(title()).toBe(' fr ')
  })

  test('keeps a property that was set before its class was known', async () => {
    const early = document.createElement('mislata-late') as Probe
    const getToken = async () => 'token'
    Object.assign(early, { getToken, wording: { retry: 'Early' }, lang: 'en' })
    document.body.append(early)
    customElements.define('mislata-late', class extends Probe {})
    await Promise.resolve()
    expect(Object.keys(early)).not.toContain('getToken')
    expect(early.getToken).toBe(getToken)
    expect(early.shadowRoot?.querySelector('h2')?.textContent).toBe(' en Early')
  })

  test('is empty once it has left, and is not begun where it came and went in one moment', async () => {
    const { element, root } = await probe('<mislata-probe publishable-key="a"></mislata-probe>')
    element.remove()
    expect(root.childNodes).toHaveLength(0)
    document.body.append(element)
    element.remove()
    await Promise.resolve()
    expect(log).toEqual(['enter a', 'leave a'])
  })

  test('tells of what happens with events that leave the shadow and rise', async () => {
    const { element } = await probe('<main><mislata-probe></mislata-probe></main>')
    const heard = new Promise<CustomEvent>(resolve => document.addEventListener('mislata:status', resolve, { once: true }))
    element.emit?.('status', { status: 'pending' })
    const event = await heard
    expect([event.target, event.detail, event.composed]).toEqual([element, { status: 'pending' }, true])
  })

  test('leads the focus to the heading where the control that had it goes away', async () => {
    const { root } = await probe('<mislata-probe></mislata-probe>')
    const button = root.querySelector('button')
    button?.focus()
    button?.click()
    expect(root.activeElement).toBe(root.querySelector('h2'))
  })

  test('leaves the focus where it is, if it is not its own', async () => {
    const { root } = await probe('<input><mislata-probe></mislata-probe>')
    document.querySelector('input')?.focus()
    root.querySelector('button')?.click()
    expect(document.activeElement?.tagName).toBe('INPUT')
  })
})
