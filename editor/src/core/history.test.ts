import { expect, test } from 'vitest'
import { begin, change, redo, undo } from './history'

test('typing in one place is one step; another place or a pause is the next', () => {
  let now = begin('')
  now = change(now, '6', '/for/days', 0)
  now = change(now, '60', '/for/days', 500)
  now = change(now, '60x', '/name', 900)
  now = change(now, '60xy', '/name', 2500)
  expect(now.past).toEqual(['', '60', '60x'])
  now = undo(undo(undo(now)))
  expect(now.now).toBe('')
  expect(undo(now)).toBe(now)
  expect(redo(redo(now)).now).toBe('60x')
})

test('a change after an undo forgets what was undone', () => {
  const now = change(undo(change(begin(1), 2, '', 0)), 3, '', 1)
  expect(redo(now)).toBe(now)
  expect(now.past).toEqual([1])
})

test('only so many steps are kept', () => {
  let now = begin(0)
  for (let step = 1; step <= 250; step += 1) now = change(now, step, '', step)
  expect(now.past.length).toBe(200)
})
