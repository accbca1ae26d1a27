import { useCallback, useMemo, useReducer, useRef } from 'react'
import { begin, change, redo, undo, type History } from '../core/history'
import { isObject, type Json, type JsonObject } from '../core/schema'
import { addCondition, duplicate, get, insert, moveInto, moveOut, pointer as pointerOf, remove, set, shift, ungroup, type Move } from '../core/tree'
import { steps, type RowAct } from './context'
import { focusOn } from './focus'
import type { Say } from './messages'

type Action =
  | { do: 'change'; by: (rule: JsonObject) => Json; what: string; at: number }
  | { do: 'undo' } | { do: 'redo' } | { do: 'begin'; rule: JsonObject }

function reduce(history: History<JsonObject>, action: Action): History<JsonObject> {
  switch (action.do) {
    case 'undo': return undo(history)
    case 'redo': return redo(history)
    case 'begin': return begin(action.rule)
    case 'change': {
      const made = action.by(history.now)
      return isObject(made) && made !== history.now ? change(history, made, action.what, action.at) : history
    }
  }
}

const MOVES: Partial<Record<RowAct, (rule: Json, path: readonly (string | number)[]) => Move | null>> = {
  up: (rule, path) => shift(rule, path, -1),
  down: (rule, path) => shift(rule, path, 1),
  in: moveInto,
  out: moveOut,
  duplicate,
}

export type RuleEditing = ReturnType<typeof useRule>

/** The rule being written: what it is now, every way to change it, and what was announced last. */
export function useRule(initial: JsonObject, say: Say, announce: (text: string) => void) {
  const [history, dispatch] = useReducer(reduce, initial, begin)
  // Several changes may come before the next rendering; what they did is computed from the newest.
  const now = useRef(history.now)
  now.current = history.now

  const put = useCallback((rule: JsonObject, what = '') =>
    dispatch({ do: 'change', by: () => rule, what, at: Date.now() }), [])

  const edit = useCallback((pointer: string, value: Json | undefined) =>
    dispatch({ do: 'change', by: (rule) => set(rule, steps(pointer), value), what: pointer, at: Date.now() }), [])

  /** What stands at a pointer now; the whole rule at none. */
  const part = useCallback((pointer: string) => get(now.current, steps(pointer)), [])

  const take = useCallback((move: Move, focus = true) => {
    dispatch({ do: 'change', by: () => move.document, what: '', at: Date.now() })
    if (focus) focusOn(pointerOf(move.path))
  }, [])

  const add = useCallback((pointer: string, value: Json) => {
    take(addCondition(now.current, steps(pointer), value))
    announce(say('added'))
  }, [announce, say, take])

  const append = useCallback((pointer: string, value: Json) => {
    const list = get(now.current, steps(pointer))
    const index = Array.isArray(list) ? list.length : 0
    take({ document: insert(now.current, steps(pointer), index, value), path: [...steps(pointer), index] })
    announce(say('added'))
  }, [announce, say, take])

  const act = useCallback((pointer: string, what: RowAct) => {
    const path = steps(pointer)
    if (what === 'remove') {
      take({ document: remove(now.current, path), path: [] }, false)
      announce(say('removed'))
      const index = path.at(-1)
      focusOn(typeof index === 'number' ? pointerOf([...path.slice(0, -1), Math.max(0, index - 1)]) : '', pointerOf(path.slice(0, 1)))
      return
    }
    if (what === 'ungroup') {
      take({ document: ungroup(now.current, path), path })
      announce(say('ungroup'))
      return
    }
    const move = MOVES[what]?.(now.current, path) ?? null
    if (move === null) {
      announce(say('cannotMove'))
      return
    }
    take(move)
    const list = get(move.document, move.path.slice(0, -1))
    announce(what === 'duplicate' ? say('duplicated')
      : say('moved', { place: Number(move.path.at(-1)) + 1, count: Array.isArray(list) ? list.length : 1 }))
  }, [announce, say, take])

  const back = useCallback(() => {
    dispatch({ do: 'undo' })
    announce(say('undone'))
  }, [announce, say])
  const forth = useCallback(() => {
    dispatch({ do: 'redo' })
    announce(say('redone'))
  }, [announce, say])
  const restart = useCallback((rule: JsonObject) => dispatch({ do: 'begin', rule }), [])

  return useMemo(() => ({
    rule: history.now, canUndo: history.past.length > 0, canRedo: history.future.length > 0,
    put, edit, part, take, addCondition: add, append, act, undo: back, redo: forth, restart,
  }), [history, put, edit, part, take, add, append, act, back, forth, restart])
}
