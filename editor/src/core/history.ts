/** Undo and redo. Typing in one field within a moment is one step, as in a text editor. */

export interface History<T> {
  readonly past: readonly T[]
  readonly now: T
  readonly future: readonly T[]
  /** What the last change touched, and when, so that the next can join it. */
  readonly last: {readonly what: string; readonly at: number} | null
}

const STEPS = 200
const PAUSE = 1000

export function begin<T>(now: T): History<T> {
  return {past: [], now, future: [], last: null}
}

/** Record a change. `what` is the place typed into, or empty for a change that stands alone. */
export function change<T>(history: History<T>, now: T, what: string, at: number): History<T> {
  const {last} = history
  const joins = what !== '' && last !== null && last.what === what && at - last.at < PAUSE
  const past = joins ? history.past : [...history.past, history.now].slice(-STEPS)
  return {past, now, future: [], last: {what, at}}
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1)
  if (history.past.length === 0) return history
  return {past: history.past.slice(0, -1), now: before as T, future: [history.now, ...history.future], last: null}
}

export function redo<T>(history: History<T>): History<T> {
  if (history.future.length === 0) return history
  const [after, ...future] = history.future
  return {past: [...history.past, history.now], now: after as T, future, last: null}
}
