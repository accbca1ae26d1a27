import { useEffect, useState } from 'react'
import { asError } from '../../app/loading'
import { backtests, type Backtest } from './api'
import { ofRule } from './figures'

const POLL = 1000
const keptAs = (key: string): string => `regulars.backtest.${key}`

/** The back-test of a rule that was looked at last in this window. */
function kept(key: string): string | null {
  try {
    return sessionStorage.getItem(keptAs(key))
  } catch {
    return null
  }
}

function keep(key: string, id: string): void {
  try {
    sessionStorage.setItem(keptAs(key), id)
  } catch {
    // A browser that keeps nothing finds it in the list.
  }
}

/** The back-tests of a rule, and the one that is looked at, which is asked for again while it runs. */
export function useBacktest(key: string) {
  const [listed, setListed] = useState<readonly Backtest[]>([])
  const [id, setId] = useState<string | null>(null)
  const [shown, setShown] = useState<Backtest | null>(null)
  const [error, setError] = useState<Error | null>(null)

  useEffect(() => {
    let current = true
    backtests.newest().then(({ items }) => {
      if (!current) return
      const own = ofRule(items, key)
      const last = kept(key)
      setListed(own)
      setId((chosen) => chosen ?? (own.find((one) => one.id === last) ?? own[0])?.id ?? null)
    }, (problem: unknown) => current && setError(asError(problem)))
    return () => {
      current = false
    }
  }, [key])

  useEffect(() => {
    if (id === null) return undefined
    let current = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (): Promise<void> => {
      try {
        const found = await backtests.one(id)
        if (!current) return
        setError(null)
        setShown(found)
        setListed((all) => all.map((one) => (one.id === id ? found : one)))
        if (found.status === 'running') timer = setTimeout(() => void ask(), POLL)
      } catch (problem) {
        if (current) setError(asError(problem))
      }
    }
    setShown(null)
    void ask()
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [id])

  const choose = (chosen: string): void => {
    keep(key, chosen)
    setId(chosen)
  }
  return {
    listed, id, shown, error, choose,
    /** A back-test that was begun now. */
    begun: (made: Backtest) => {
      setListed((all) => [made, ...all])
      choose(made.id)
    },
    /** What became of the one that is shown. */
    ended: (made: Backtest) => {
      setShown(made)
      setListed((all) => all.map((one) => (one.id === made.id ? made : one)))
    },
  }
}
