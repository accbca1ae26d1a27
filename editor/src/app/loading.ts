import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from '../core/api'

export interface Loading<T> {
  data: T | null
  error: Error | null
  loading: boolean
  reload: () => void
  set: (data: T) => void
}

/** Loads when `key` changes. An answer that arrives after the next question was asked is dropped. */
export function useLoading<T>(key: string, load: () => Promise<T>): Loading<T> {
  const [state, setState] = useState<{ data: T | null; error: Error | null; loading: boolean }>({
    data: null, error: null, loading: true,
  })
  const [round, setRound] = useState(0)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    let current = true
    setState((before) => ({ ...before, loading: true }))
    latest.current().then(
      (data) => current && setState({ data, error: null, loading: false }),
      (error: unknown) => current && setState({ data: null, error: asError(error), loading: false }),
    )
    return () => {
      current = false
    }
  }, [key, round])
  const reload = useCallback(() => setRound((before) => before + 1), [])
  const set = useCallback((data: T) => setState({ data, error: null, loading: false }), [])
  return { ...state, reload, set }
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new ApiError(0, { detail: String(error) })
}

/** The value once it has not changed for `delay` ms, so that typing does not ask the server at every key. */
export function useSettled<T>(value: T, delay = 250): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay)
    return () => clearTimeout(timer)
  }, [value, delay])
  return settled
}
