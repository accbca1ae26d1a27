import { useState } from 'react'
import { useLoading } from '../../app/loading'
import { useMay } from '../../app/session'
import { Busy } from '../../components/Busy'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { Time, useNumber } from '../../components/Time'
import { ApiError, query } from '../../core/api'
import { TextField } from '../definitions/fields'
import { latest, type Checkpoint } from './api'
import { Check } from './Check'
import { useWords } from './words'

/** For auditors: the newest checkpoint, a check of the log, and a proof that others can check. */
export function ProofPage() {
  const words = useWords()
  const may = useMay()
  if (!may.replay) return <PageFrame title={words.title} lead={words.lead}><EmptyState title={words.forbidden} text={words.forbiddenText} /></PageFrame>
  return <Shown />
}

function Shown() {
  const words = useWords()
  const { data, error, reload } = useLoading('latest', latest)
  const unsealed = error instanceof ApiError && error.status === 404
  return (
    <PageFrame title={words.title} lead={words.lead}>
      <div className="stack">
        {error && !unsealed && <ErrorNote error={error} onRetry={reload} />}
        {unsealed && <EmptyState title={words.nothing} text={words.nothingText} />}
        {!data && !error && <Busy />}
        {data && <Newest checkpoint={data} />}
        <Check />
        {data && <Download publicKey={data.key} />}
      </div>
    </PageFrame>
  )
}

function Newest({ checkpoint }: { checkpoint: Checkpoint }) {
  const words = useWords()
  const number = useNumber()
  return (
    <section className="card spaced" aria-labelledby="newest">
      <h2 id="newest">{words.checkpoint}</h2>
      <dl className="pairs">
        <dt>{words.entries}</dt><dd>{number(checkpoint.size)}</dd>
        <dt>{words.signed}</dt><dd><Time at={checkpoint.time} /></dd>
        <dt>{words.root}</dt><dd className="mono proof-text">{checkpoint.root}</dd>
        <dt>{words.key}</dt><dd className="mono proof-text">{checkpoint.key}</dd>
      </dl>
      <details>
        <summary>{words.note}</summary>
        <pre className="proof-text" tabIndex={0}>{checkpoint.note}</pre>
      </details>
      <p className="page-note">{words.checkpointNote}</p>
    </section>
  )
}

const instant = (day: string): string | null => (day === '' ? null : `${day}T00:00:00Z`)

function Download({ publicKey }: { publicKey: string }) {
  const words = useWords()
  const [member, setMember] = useState('')
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const asked = query({ member: member.trim(), from: instant(from), until: instant(until) })
  return (
    <section className="card spaced" aria-labelledby="download">
      <h2 id="download">{words.download}</h2>
      <p className="quiet">{words.downloadText}</p>
      <div className="form-grid">
        <TextField label={words.member} hint={words.memberHint} value={member} onChange={setMember} />
        <TextField label={words.from} type="date" value={from} onChange={setFrom} />
        <TextField label={words.until} type="date" value={until} onChange={setUntil} />
      </div>
      <p className="row"><a className="button button-primary" href={`/v1/proofs${asked}`} download="proof.zip">{words.get}</a></p>
      <h3>{words.how}</h3>
      <ol className="proof-steps">{words.steps.map((one) => <li key={one}>{one}</li>)}</ol>
      <pre className="proof-text" tabIndex={0}>{`python3 -I proof/verify.py proof --key ${publicKey}`}</pre>
    </section>
  )
}
