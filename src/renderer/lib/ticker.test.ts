import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { everyTick } from './ticker.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('renews all of one pace by one timer, and stops with the last of them', () => {
  const first = vi.fn()
  const second = vi.fn()
  const leaveFirst = everyTick(100, first)
  const leaveSecond = everyTick(100, second)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(250)
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([2, 2])
  leaveFirst()
  vi.advanceTimersByTime(100)
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([2, 3])
  leaveSecond()
  leaveSecond()
  expect(vi.getTimerCount()).toBe(0)
})

it('keeps paces apart, and begins again after the last has left', () => {
  const slow = vi.fn()
  const fast = vi.fn()
  const leaveSlow = everyTick(300, slow)
  everyTick(100, fast)()
  const leaveFast = everyTick(100, fast)
  expect(vi.getTimerCount()).toBe(2)
  vi.advanceTimersByTime(300)
  expect([slow.mock.calls.length, fast.mock.calls.length]).toEqual([1, 3])
  leaveSlow()
  leaveFast()
})
