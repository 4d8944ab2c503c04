import { describe, expect, test } from 'vitest'
import { historyOf, isWaiting, type Moments, stateOf } from '../../server/rules/referral-state.ts'

const none: Moments = {
  createdAt: '2026-03-01T00:00:00.000Z',
  reviewAt: null,
  qualifiedAt: null,
  earnedAt: null,
  approvedAt: null,
  rejectedAt: null,
  cappedAt: null,
  rewardedAt: null,
  reversedAt: null,
}
type Name = keyof Omit<Moments, 'createdAt'>
const come = (...names: Name[]): Moments => ({ ...none, ...Object.fromEntries(names.map(name => [name, none.createdAt])) })

describe('Where a referral stands', () => {
  test.each<[Name[], string]>([
    [[], 'attributed'],
    [['qualifiedAt'], 'qualified'],
    [['earnedAt'], 'qualified'],
    [['qualifiedAt', 'earnedAt'], 'qualified'],
    [['reviewAt'], 'review'],
    [['reviewAt', 'qualifiedAt', 'earnedAt'], 'review'],
    [['reviewAt', 'approvedAt'], 'attributed'],
    [['reviewAt', 'approvedAt', 'qualifiedAt'], 'qualified'],
    [['reviewAt', 'approvedAt', 'earnedAt', 'rewardedAt'], 'rewarded'],
    [['qualifiedAt', 'earnedAt', 'rewardedAt'], 'rewarded'],
    [['qualifiedAt', 'earnedAt', 'cappedAt'], 'capped'],
    [['reviewAt', 'approvedAt', 'earnedAt', 'cappedAt'], 'capped'],
    [['reviewAt', 'rejectedAt'], 'rejected'],
    [['reviewAt', 'earnedAt', 'rejectedAt'], 'rejected'],
    [['qualifiedAt', 'earnedAt', 'rewardedAt', 'reversedAt'], 'reversed'],
    [['qualifiedAt', 'earnedAt', 'reversedAt'], 'reversed'],
    [['reviewAt', 'earnedAt', 'reversedAt'], 'reversed'],
  ])('%j: %s', (names, state) => {
    expect(stateOf(come(...names))).toBe(state)
  })

  test.each<[Name[], boolean]>([
    [[], false],
    [['reviewAt'], true],
    [['reviewAt', 'approvedAt'], false],
    [['reviewAt', 'rejectedAt'], false],
    [['reviewAt', 'reversedAt'], false],
    [['reviewAt', 'earnedAt'], true],
  ])('%j: waits %j', (names, waits) => {
    expect(isWaiting(come(...names))).toBe(waits)
  })
})

test('A history has what happened, in the order of time', () => {
  const at = (minute: number) => `2026-03-01T00:0${minute}:00.000Z`
  const moments = { ...none, reviewAt: at(0), approvedAt: at(1), qualifiedAt: at(2), earnedAt: at(2), rewardedAt: at(5) }
  const rewards = [
    { role: 'referrer' as const, grantedAt: at(5) },
    { role: 'referred' as const, grantedAt: at(3) },
  ]
  expect(historyOf(moments, rewards).map(({ step, role, at }) => [at.slice(15, 16), role ? `${step} ${role}` : step])).toEqual([
    ['0', 'attributed'],
    ['0', 'review_required'],
    ['1', 'approved'],
    ['2', 'first_payment'],
    ['2', 'qualified'],
    ['3', 'reward_granted referred'],
    ['5', 'reward_granted referrer'],
    ['5', 'rewarded'],
  ])
  expect(historyOf(none, [{ role: 'referrer', grantedAt: null }])).toEqual([{ step: 'attributed', at: none.createdAt }])
})
