import { useEffect, useState } from 'react'
import { useSettled } from '../../app/loading'
import { useNumber } from '../../components/Time'
import { ApiError, call, type Json } from '../../core/api'
import { useWords } from './words'

interface Answer {
  estimate: { about: number; low: number; high: number } | null
  exact: { members: number } | null
}

const AGAIN = 1_500

/** How many members a condition is true of now; nothing for a condition that isn't about members alone. */
export default function AudienceCount({ condition }: { condition: Json }) {
  const words = useWords()
  const number = useNumber()
  const asked = useSettled(JSON.stringify(condition), 600)
  const [answer, setAnswer] = useState<Answer | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    let timer = 0
    const ask = async (): Promise<void> => {
      try {
        const body = { condition: JSON.parse(asked) as Json }
        const told = await call<Answer>('/audience', { method: 'POST', body, signal: stop.signal })
        if (stop.signal.aborted) return
        setAnswer(told)
        if (told.exact === null) timer = window.setTimeout(() => void ask(), AGAIN)
      } catch (problem) {
        if (!stop.signal.aborted && problem instanceof ApiError) setAnswer(null)
      }
    }
    void ask()
    return () => {
      stop.abort()
      window.clearTimeout(timer)
    }
  }, [asked])
  if (answer === null) return null
  const { estimate, exact } = answer
  return (
    <p className="small quiet" role="status">
      {exact !== null ? words.exactly(number(exact.members))
        : estimate === null ? words.counting
          : words.about(number(estimate.about), number(estimate.low), number(estimate.high))}
    </p>
  )
}
