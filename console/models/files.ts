import { Failure } from '../failure.ts'

type Answer = { code?: string; title?: string; detail?: string }

/**
 * Fetches a file of the API and has the browser keep it. What the server refuses is told on the page, instead of becoming
 * a file with an error in it. The answer is how many things the server has left out of the file.
 */
export async function keepFile(path: string, name: string): Promise<number> {
  const reply = await fetch(path, { credentials: 'same-origin' }).catch(() => {
    throw new Failure(navigator.onLine ? 'unreachable' : 'offline')
  })
  if (!reply.ok) {
    const { code, title, detail } = Object(await reply.json().catch(() => null)) as Answer
    throw new Failure(code ?? 'unexpected_reply', { status: reply.status, ...(title && { title }), ...(detail && { detail }) })
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await reply.blob())
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return Number(reply.headers.get('x-left-out')) || 0
}
