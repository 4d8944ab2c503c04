/** What went wrong, as a word to find a sentence by. */
export class Failure extends Error {
  readonly code: string
  readonly status: number
  /** How long to wait, where the server says so. */
  readonly seconds: number
  /** What is wrong with which field, in the server's words. */
  readonly fields: { path: string; message: string }[]

  constructor(code: string, more: { status?: number; seconds?: number; fields?: { path: string; message: string }[] } = {}) {
    super(code)
    this.code = code
    this.status = more.status ?? 0
    this.seconds = more.seconds ?? 0
    this.fields = more.fields ?? []
  }

  static from(error: unknown) {
    return error instanceof Failure ? error : new Failure('widget_fault')
  }
}
