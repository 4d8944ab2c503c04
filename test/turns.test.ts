import { expect, test } from 'vitest'
import { turns } from '../server/turns.ts'

test('Of many that come at once so many pass in each turn, in their order, and what comes meanwhile goes in between', async () => {
  const turn = turns(100)
  const seen: string[] = []
  const passing = Array.from({ length: 250 }, async (_, n) => {
    await turn()
    seen.push(`click ${n}`)
  })
  const other = new Promise<void>(resolve =>
    setImmediate(() => {
      seen.push('another')
      resolve()
    }),
  )
  await Promise.all([...passing, other])
  expect(seen.filter(each => each !== 'another')).toEqual(Array.from({ length: 250 }, (_, n) => `click ${n}`))
  expect(seen.indexOf('another')).toBeLessThanOrEqual(200)
  expect(seen.indexOf('another')).toBeGreaterThanOrEqual(100)
})

test('Where few come, none waits', () => {
  const turn = turns(100)
  expect(Array.from({ length: 100 }, () => turn())).toEqual(Array.from({ length: 100 }))
  expect(turn()).toBeInstanceOf(Promise)
})

test('Who comes while others wait stands behind them', async () => {
  const turn = turns(1)
  const seen: string[] = []
  const pass = async (name: string) => {
    await turn()
    seen.push(name)
  }
  const all = [pass('first'), pass('second'), pass('third')]
  await new Promise(resolve => setImmediate(resolve))
  all.push(pass('late'))
  await Promise.all(all)
  expect(seen).toEqual(['first', 'second', 'third', 'late'])
})
