import { useCallback, useEffect, useRef, useState } from 'react'
import type { Page } from '../core/api'
import { asError } from './loading'

export interface Paging<T> {
  items: T[] | null
  next: string | number | null
  error: Error | null
  loading: boolean
  more: () => void
  reload: () => void
  change: (edit: (items: T[]) => T[]) => void
}

/** A list that is loaded page by page; it starts over when `key` changes. */
export function usePaging<T>(key: string, load: (from: string | number | null) => Promise<Page<T>>): Paging<T> {
  const [items, setItems] = useState<T[] | null>(null)
  const [next, setNext] = useState<string | number | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [loading, setLoading] = useState(true)
  const [round, setRound] = useState(0)
  const latest = useRef(load)
  latest.current = load
  // An answer belongs to the list that asked: a page of the list before must not land in this one.
  const asked = useRef(0)

  const fetchFrom = useCallback((from: string | number | null) => {
    const mine = ++asked.current
    setLoading(true)
    latest.current(from).then(
      (page) => {
        if (mine !== asked.current) return
        setItems((before) => (from === null ? page.items : [...(before ?? []), ...page.items]))
        setNext(page.next)
        setError(null)
        setLoading(false)
      },
      (problem: unknown) => {
        if (mine !== asked.current) return
        setError(asError(problem))
        setLoading(false)
      },
    )
  }, [])
  useEffect(() => {
    fetchFrom(null)
    return () => {
      asked.current += 1
    }
  }, [key, round, fetchFrom])
  return {
    items, next, error, loading,
    more: () => fetchFrom(next),
    reload: () => setRound((before) => before + 1),
    change: (edit) => setItems((before) => (before === null ? null : edit(before))),
  }
}
