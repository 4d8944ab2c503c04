/** What a page's own code may ask the snippet, on `window.mislata`. */
export type Api = {
  code?: string
  clickId?: string
  ready(fn: Callback): void
  push(fn: Callback): void
  consent(given: boolean): Promise<void>
  attach(form: EventTarget): Promise<void>
  link(url: string): string
}

export type Callback = (api: Api) => void

declare global {
  interface Window {
    /** Until the snippet is there, what is to be called when it is. */
    mislata?: Api | Callback[]
  }
}
