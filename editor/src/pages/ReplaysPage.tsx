import { useEffect, useState } from 'react'
import { asError } from '../app/loading'
import { navigate } from '../app/router'
import { useNames } from '../app/names'
import { useMay } from '../app/session'
import { Busy } from '../components/Busy'
import { Button } from '../components/Button'
import { EmptyState } from '../components/EmptyState'
import { ErrorNote } from '../components/ErrorNote'
import { PageFrame } from '../components/PageFrame'
import { api, query, type Replay } from '../core/api'
import { fromLocal } from '../core/instant'
import { usePageMessages } from './messages'
import { ReplayReport } from './ReplayReport'

const POLL = 1000

/** Asks again and again until the replay has ended or the page is left. */
function useReplay(id: string | null): { replay: Replay | null; error: Error | null } {
  const [replay, setReplay] = useState<Replay | null>(null)
  const [error, setError] = useState<Error | null>(null)
  useEffect(() => {
    setReplay(null)
    setError(null)
    if (id === null) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let current = true
    const ask = async () => {
      try {
        const found = await api.replay(id)
        if (!current) return
        setReplay(found)
        if (found.status === 'running' || found.status === 'cancelling') timer = setTimeout(() => void ask(), POLL)
      } catch (problem) {
        if (current) setError(asError(problem))
      }
    }
    void ask()
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [id])
  return { replay, error }
}

/** The replay that is shown stands in the address, so that a report can be sent to somebody. */
export function ReplaysPage({ member, id }: { member: string; id: string | null }) {
  const { replays: words } = usePageMessages()
  const may = useMay()
  const zone = useNames().zone ?? 'UTC'
  const [typed, setTyped] = useState(member)
  const [range, setRange] = useState({ from: '', until: '' })
  const [strict, setStrict] = useState(false)
  const [starting, setStarting] = useState(false)
  const [failed, setFailed] = useState<Error | null>(null)
  const { replay, error } = useReplay(may.replay ? id : null)

  const start = async () => {
    setStarting(true)
    setFailed(null)
    const one = typed.trim()
    const at = (local: string): string | undefined => fromLocal(local, zone) ?? undefined
    try {
      const started = await api.startReplay({ member: one || undefined, from: at(range.from), until: at(range.until), strict })
      navigate(`/replays${query({ id: started.id, member: one })}`, { replace: true })
    } catch (problem) {
      setFailed(asError(problem))
    } finally {
      setStarting(false)
    }
  }
  const cancel = async (running: string) => {
    try {
      await api.cancelReplay(running)
    } catch (problem) {
      setFailed(asError(problem))
    }
  }
  if (!may.replay) {
    return (
      <PageFrame title={words.title} lead={words.lead}>
        <EmptyState title={words.forbidden} text={words.forbiddenText} />
      </PageFrame>
    )
  }
  const runs = replay?.status === 'running' || replay?.status === 'cancelling'
  const running = starting || runs
  const empty = range.from !== '' && range.until !== '' && range.from >= range.until
  const ranged = range.from !== '' || range.until !== ''
  return (
    <PageFrame title={words.title} lead={words.lead}>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault()
          void start()
        }}
      >
        <div className="field">
          <label htmlFor="replay-member">{words.member}</label>
          <input id="replay-member" className="input" placeholder={words.memberHint} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        {(['from', 'until'] as const).map((end) => (
          <div className="field" key={end}>
            <label htmlFor={`replay-${end}`}>{words[end]}</label>
            <input id={`replay-${end}`} className="input" type="datetime-local" title={zone} value={range[end]} aria-invalid={empty} onChange={(event) => setRange({ ...range, [end]: event.target.value })} />
          </div>
        ))}
        <div className="field">
          <label htmlFor="replay-mode">{words.mode}</label>
          <select id="replay-mode" className="input" value={strict ? 'strict' : 'collect'} onChange={(event) => setStrict(event.target.value === 'strict')}>
            <option value="collect">{words.collect}</option>
            <option value="strict">{words.strict}</option>
          </select>
        </div>
        <Button kind="primary" type="submit" disabled={running || empty}>{ranged ? words.startRange : typed.trim() ? words.startOne : words.startAll}</Button>
      </form>
      {empty && <p className="page-note" role="alert">{words.emptyRange}</p>}
      {failed && <ErrorNote error={failed} />}
      {error && <ErrorNote error={error} />}
      {id !== null && !replay && !error && <Busy />}
      {replay && (
        <ReplayReport replay={replay}>
          {runs && id !== null && <Button small className="head-end" onClick={() => void cancel(id)} disabled={replay.status === 'cancelling'}>{words.cancel}</Button>}
        </ReplayReport>
      )}
      {id === null && <EmptyState title={words.empty} text={words.emptyText} />}
    </PageFrame>
  )
}
