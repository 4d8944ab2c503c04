import { signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { ask } from '../api.ts'
import { Failure } from '../failure.ts'

/** One thing of the server's. */
export function one<T>(path: string) {
  const value = signal<T | undefined>(undefined)
  const waiting = signal(false)
  const failure = signal<Failure | undefined>(undefined)
  let ending: AbortController | undefined

  return {
    value,
    waiting,
    failure,
    async load() {
      if (!path) return
      ending?.abort()
      const current = new AbortController()
      ending = current
      waiting.value = true
      failure.value = undefined
      try {
        value.value = await ask<T>('GET', path, { signal: current.signal })
      } catch (error) {
        if (!current.signal.aborted) failure.value = Failure.from(error)
      } finally {
        if (current === ending) waiting.value = false
      }
    },
    end: () => ending?.abort(),
  }
}

export type One<T> = ReturnType<typeof one<T>>

/** The same for as long as a component shows it; nothing is asked for while `path` is empty. */
export function useOne<T>(path: string): One<T> {
  const model = useMemo(() => one<T>(path), [path])
  useEffect(() => {
    void model.load()
    return model.end
  }, [model])
  return model
}
