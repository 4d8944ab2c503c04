import { batch, signal } from '@preact/signals'
import type { Emit } from '../element.ts'
import { Failure } from '../failure.ts'

type Around = { emit: Emit; deactivated: () => void }

/**
 * What somebody does in a part of the dashboard, one thing at a time: which is under way, what stood in the way of the
 * last one, and what is asked about before it is done.
 */
export function acts({ emit, deactivated }: Around) {
  const doing = signal('')
  const refused = signal<{ act: string; failure: Failure } | undefined>()
  const asking = signal('')

  /** True once it is done. A refusal stays beside what was tried until the next try. */
  async function run(act: string, work: () => Promise<void>): Promise<boolean> {
    if (doing.peek()) return false
    batch(() => {
      doing.value = act
      refused.value = undefined
    })
    try {
      await work()
      asking.value = ''
      return true
    } catch (error) {
      const failure = Failure.from(error)
      if (failure.code === 'partner_deactivated') deactivated()
      refused.value = { act, failure }
      emit('error', { code: failure.code })
      return false
    } finally {
      doing.value = ''
    }
  }

  return {
    doing,
    refused,
    asking,
    run,
    ask(act: string) {
      batch(() => {
        asking.value = act
        refused.value = undefined
      })
    },
  }
}

export type Acts = ReturnType<typeof acts>
