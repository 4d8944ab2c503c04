import {
  type CSSProperties,
  createElement,
  type ForwardRefExoticComponent,
  forwardRef,
  type RefAttributes,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from 'react'
import type { Events, GetToken, MislataElement, Wording } from './public.ts'

export type { Events, GetToken, MislataElement, Wording }

type Handler<Name extends keyof Events> = (event: CustomEvent<Events[Name]>) => void

/** What each component takes. What else an element may have (`id`, `data-…`, `aria-…`) is handed on as it is. */
export type MislataProps = {
  /** Your Mislata server, such as `https://partners.example.com`, or `/` where your site passes its paths on to it. */
  api: string
  /** Whose programme it is. `MislataRefer` and `MislataDashboard` need none. */
  publishableKey?: string
  /** Resolves to the session token of whoever is signed in, or to nothing. The last one given is asked. */
  getToken?: GetToken
  /** The session token itself, where a function is too much. */
  token?: string
  lang?: string
  theme?: 'auto' | 'light' | 'dark'
  /** Sentences in place of our own. */
  wording?: Partial<Wording>
  onReady?: Handler<'ready'>
  onApplied?: Handler<'applied'>
  onStatus?: Handler<'status'>
  /** Also told, with `unreachable`, where the elements' own code did not arrive. */
  onError?: Handler<'error'>
  onCopied?: Handler<'copied'>
  className?: string
  style?: CSSProperties & { [property: `--mislata-${string}`]: string | number }
  id?: string
  dir?: 'ltr' | 'rtl' | 'auto'
  hidden?: boolean
  slot?: string
  title?: string
  [attribute: `data-${string}` | `aria-${string}`]: string | number | boolean | undefined
}

export type MislataComponent = ForwardRefExoticComponent<MislataProps & RefAttributes<MislataElement>>

/** The form, the state of the application, or the dashboard: whichever is right. */
export const MislataProgram: MislataComponent = component('mislata-program')
/** The form; once it is sent, the state of the application. */
export const MislataApply: MislataComponent = component('mislata-apply')
/** The state of the application. */
export const MislataStatus: MislataComponent = component('mislata-status')
/** What a partner earns, is paid and shares. */
export const MislataDashboard: MislataComponent = component('mislata-dashboard')
/** A customer's own link, and what has come of it. */
export const MislataRefer: MislataComponent = component('mislata-refer')

// What an element is told has to be there before it looks, which is as soon as React has put it into the page. On a
// server there is nothing to tell, and React 18 would warn.
const useCommitted = typeof document === 'undefined' ? useEffect : useLayoutEffect

function component(tag: `mislata-${'program' | 'apply' | 'status' | 'dashboard' | 'refer'}`): MislataComponent {
  const Component = forwardRef<MislataElement, MislataProps>((props, ref) => {
    const { publishableKey, getToken, wording, onReady, onApplied, onStatus, onError, onCopied, className, hidden, ...rest } =
      props
    const element = useRef<MislataElement>(null)
    useImperativeHandle(ref, () => element.current as MislataElement, [])

    useCommitted(() => {
      Object.assign(element.current as MislataElement, { getToken, wording: wording ?? {} })
    }, [getToken, wording])
    useListener(element, 'ready', onReady)
    useListener(element, 'applied', onApplied)
    useListener(element, 'status', onStatus)
    useListener(element, 'error', onError)
    useListener(element, 'copied', onCopied)

    useEffect(() => {
      defineElements().catch(() => {
        const options = { detail: { code: 'unreachable' }, bubbles: true, composed: true }
        element.current?.dispatchEvent(new CustomEvent('mislata:error', options))
      })
    }, [])

    // By the names that an element's attributes have: React 18 hands them on as they stand here. What a server has
    // written is what a browser finds, because neither knows the element yet.
    return createElement(tag, {
      ...rest,
      class: className,
      hidden: hidden || undefined,
      'publishable-key': publishableKey,
      ref: element,
    })
  })
  Component.displayName = tag.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
  return Component
}

function useListener<Name extends keyof Events>(
  element: { readonly current: MislataElement | null },
  name: Name,
  listener: Handler<Name> | undefined,
) {
  useCommitted(() => {
    const target = element.current
    if (!target || !listener) return undefined
    const tell = (event: Event) => listener(event as CustomEvent<Events[Name]>)
    target.addEventListener(`mislata:${name}`, tell)
    return () => target.removeEventListener(`mislata:${name}`, tell)
  }, [element, name, listener])
}

/** Only in the page, and not before one of the components stands there. A second call waits for the same file. */
async function defineElements() {
  await import('mislata/widget')
}
