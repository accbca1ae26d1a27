import { useState } from 'react'
import { useLoading } from '../../app/loading'
import { Link } from '../../app/router'
import { useMay } from '../../app/session'
import { Button } from '../../components/Button'
import { ErrorNote } from '../../components/ErrorNote'
import { Time } from '../../components/Time'
import { api, type Duplicate } from '../../core/api'
import { useWords } from './words'

function Pair({ pair, onDecided }: { pair: Duplicate; onDecided: () => void }) {
  const { duplicates: words } = useWords()
  const may = useMay()
  const [why, setWhy] = useState('')
  const [error, setError] = useState<Error | null>(null)
  const decide = (what: () => Promise<unknown>) => () => {
    what().then(onDecided, setError)
  }
  const merge = () => api.merge(pair.member, { id: crypto.randomUUID(), other: pair.other, why: why.trim() })
  const label = words.why(pair.member, pair.other)
  return (
    <li>
      <span className="row">
        <Link href={`/members/${encodeURIComponent(pair.member)}`}>{pair.member}</Link>
        <Link href={`/members/${encodeURIComponent(pair.other)}`}>{pair.other}</Link>
        <span className="quiet">{words.kinds[pair.kind] ?? pair.kind} · <Time at={pair.found_at} /></span>
      </span>
      {may.write && (
        <span className="row">
          <input className="input" aria-label={label} placeholder={words.reason} maxLength={256} value={why} onChange={(event) => setWhy(event.target.value)} />
          <Button disabled={why.trim() === ''} onClick={decide(merge)}>{words.merge}</Button>
          <Button onClick={decide(() => api.dismiss(pair.member, pair.other))}>{words.two}</Button>
        </span>
      )}
      {error && <ErrorNote error={error} />}
    </li>
  )
}

/** Members who may be one person, for somebody to decide; nothing where there are none. */
export function Duplicates() {
  const { duplicates: words } = useWords()
  const { data, reload } = useLoading('duplicates', () => api.duplicates())
  if (!data || data.items.length === 0) return null
  return (
    <details className="card filters">
      <summary>{words.title(data.items.length)}</summary>
      <p className="page-note">{words.note}</p>
      <ul className="items">
        {data.items.map((pair) => <Pair key={`${pair.member}\n${pair.other}`} pair={pair} onDecided={reload} />)}
      </ul>
    </details>
  )
}
