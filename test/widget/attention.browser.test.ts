import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { whileWatched } from '../../widget/attention.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const events = () => {
  document.dispatchEvent(new Event('visibilitychange'))
  for (const type of ['focus', 'online']) dispatchEvent(new Event(type))
}

test('Whoever watches is served every half minute and whenever they come back, until it ends', () => {
  const look = vi.fn()
  const end = whileWatched(look)
  vi.advanceTimersByTime(29_999)
  expect(look).toHaveBeenCalledTimes(0)
  vi.advanceTimersByTime(1)
  expect(look).toHaveBeenCalledTimes(1)
  events()
  expect(look).toHaveBeenCalledTimes(4)

  end()
  vi.advanceTimersByTime(300_000)
  events()
  expect(look).toHaveBeenCalledTimes(4)
  expect(vi.getTimerCount()).toBe(0)
})

test('Nobody is served who does not see the page', () => {
  const look = vi.fn()
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  const end = whileWatched(look)
  vi.advanceTimersByTime(300_000)
  events()
  expect(look).not.toHaveBeenCalled()
  end()
})
