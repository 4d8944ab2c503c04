import { MislataConnectionError } from './errors.ts'

/** A file as it is: what `fs.openAsBlob(path)` gives, a stream of bytes, or what it says. */
export type FileBody = Blob | ReadableStream<Uint8Array> | Uint8Array | string

type Told = { url: string; timeoutMs: number; signal: AbortSignal | undefined }

/**
 * The lines of an answer as they come, each as JSON. Throws a `MislataConnectionError` where it breaks off, says nothing
 * for `timeoutMs`, or ends before the line that `isLast` knows. Who stops reading ends what the server is doing.
 */
export async function* linesOf<T>(reply: Response, isLast: (line: T) => boolean, told: Told): AsyncGenerator<T, void, undefined> {
  const { url, timeoutMs, signal } = told
  const decoder = new TextDecoder()
  const reader = reply.body?.getReader()
  let rest = ''
  let ended = false
  try {
    for (;;) {
      const { value, done } = (await within(reader?.read(), told)) ?? { done: true, value: undefined }
      const parts = (rest + decoder.decode(value, { stream: !done })).split('\n')
      rest = parts.pop() ?? ''
      for (const part of done ? [...parts, rest] : parts) {
        if (!part.trim()) continue
        const line = lineOf<T>(part, url)
        ended ||= isLast(line)
        yield line
      }
      if (done) break
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof MislataConnectionError) throw error
    throw new MislataConnectionError('network', `The answer of ${url} broke off.`, error)
  } finally {
    await reader?.cancel().catch(() => {})
  }
  if (!ended) throw new MislataConnectionError('network', `The answer of ${url} broke off, or said nothing for ${timeoutMs} ms.`)
}

/** What comes next, or nothing where it does not come in time; throws the signal's reason where that ends it. */
function within<R>(next: Promise<R> | undefined, { timeoutMs, signal }: Told): Promise<R | undefined> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const abort = () => reject(signal?.reason)
    const timer = setTimeout(() => resolve(undefined), timeoutMs)
    signal?.addEventListener('abort', abort, { once: true })
    Promise.resolve(next)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
      })
  })
}

function lineOf<T>(text: string, url: string): T {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new MislataConnectionError('not_the_server', `${url} answered with something else than lines of JSON.`, error)
  }
}
