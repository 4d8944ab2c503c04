import { signal } from '@preact/signals'
import type { Api } from '../api.ts'
import type { Emit } from '../element.ts'
import { Failure } from '../failure.ts'
import { text } from '../reading.ts'

/** A QR code: its dark modules as a path in a square of `size`, and the whole document for whoever saves it. */
export type Picture = { size: number; path: string; svg: string }

/** What somebody does with a link: copies it, hands it to another app, shows it to a camera. */
export function sharing(api: Api, emit: Emit) {
  /** The link that was copied a moment ago or, where the browser refuses, waits selected. */
  const copying = signal<{ link: string; byHand: boolean } | undefined>()
  /** The code whose picture is open. */
  const open = signal('')
  const pictures = signal<Record<string, Picture | Failure>>({})
  let confirming: ReturnType<typeof setTimeout> | undefined

  async function draw(code: string) {
    try {
      const svg = text(await api.ask('GET', `/referrals/qr.svg?code=${encodeURIComponent(code)}`))
      pictures.value = { ...pictures.peek(), [code]: pictureIn(svg) }
    } catch (error) {
      const failure = Failure.from(error)
      pictures.value = { ...pictures.peek(), [code]: failure }
      emit('error', { code: failure.code })
    }
  }

  return {
    copying,
    open,
    pictures,
    copied(link: string, byHand: boolean) {
      copying.value = { link, byHand }
      clearTimeout(confirming)
      if (byHand) return
      confirming = setTimeout(() => {
        copying.value = undefined
      }, 2500)
      emit('copied', { text: link })
    },
    toggle(code: string) {
      open.value = open.peek() === code ? '' : code
      if (open.peek() && !('path' in (pictures.peek()[code] ?? {}))) void draw(code)
    },
    retry: (code: string) => void draw(code),
  }
}

export type Sharing = ReturnType<typeof sharing>

/** What there is to draw in the server's document. Nothing of it is parsed as markup, so nothing else in it can come along. */
export function pictureIn(svg: string): Picture {
  const [, size] = svg.match(/viewBox="0 0 (\d{2,3}) \1"/) ?? []
  const [, path] = svg.match(/ d="([Mhvz\d -]+)"/) ?? []
  if (!size || !path) throw new Failure('unexpected_reply')
  return { size: Number(size), path, svg }
}
