import { batch, signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { Failure, told } from '../failure.ts'
import { say } from './telling.ts'

type How = {
  /** What is said once it is done. */
  done?: string
  /** Shows at once what will be true; the answer puts it back where the server refuses. */
  before?: () => () => void
  /** A refusal is told in the corner; otherwise it stands in `failure`, for a form to show. */
  aloud?: boolean
}

/** What somebody does on a page, one thing at a time: which is under way, and what stood in the way of the last one. */
export function acts() {
  const doing = signal('')
  const failure = signal<Failure | undefined>(undefined)

  /** True once it is done. While something is being done, nothing else is begun. */
  async function run(act: string, work: () => Promise<unknown>, { done, before, aloud = false }: How = {}): Promise<boolean> {
    if (doing.peek()) return false
    batch(() => {
      doing.value = act
      failure.value = undefined
    })
    const undo = before?.()
    try {
      await work()
      if (done) say(done)
      return true
    } catch (error) {
      const refused = Failure.from(error)
      undo?.()
      failure.value = refused
      if (aloud) {
        const { title, text } = told(refused)
        say(`${title}. ${text}`, 'bad')
      }
      return false
    } finally {
      doing.value = ''
    }
  }
  return { doing, failure, run }
}

/** What a form was answered: text as it was typed, a checked box as `on`. */
export type Answers = Record<string, string>

export type Acts = ReturnType<typeof acts>
export const useActs = () => useMemo(acts, [])
