import { useId, useState, type FormEvent } from 'react'
import { asError } from '../../app/loading'
import { useRequestId } from '../../app/request-id'
import { Link } from '../../app/router'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ErrorNote } from '../../components/ErrorNote'
import { Time } from '../../components/Time'
import { api, type MemberDetail } from '../../core/api'
import { useMessages } from '../../messages'
import { LongField } from '../definitions/fields'
import { usePersonalWords } from './personal-words'

/** That a member was erased: when, by whom and why. */
export function Erased({ erased }: { erased: NonNullable<MemberDetail['erased']> }) {
  const words = usePersonalWords()
  return (
    <section className="card" aria-labelledby="erased">
      <h2 id="erased">{words.chip}</h2>
      <p>{words.erased(erased.by)} · <Time at={erased.at} /> · {erased.why}</p>
      <p className="page-note">{words.erasedNote} <Link href={`/decisions/${erased.sequence}`}>{words.decision}</Link></p>
    </section>
  )
}

/** For administrators: everything about a member as a file, and erasing it. */
export function PersonalData({ member, onErased }: { member: MemberDetail; onErased: () => void }) {
  const words = usePersonalWords()
  const [asking, setAsking] = useState(false)
  return (
    <section className="card" aria-labelledby="rights">
      <h2 id="rights">{words.title}</h2>
      <div className="row">
        <a className="button button-plain button-small" href={`/v1/members/${encodeURIComponent(member.id)}/export`} download="member.json">{words.export}</a>
        {member.erased === null && <Button kind="danger" small onClick={() => setAsking(true)}>{words.erase}</Button>}
      </div>
      <p className="page-note">{words.exportNote}</p>
      {asking && <EraseDialog member={member} onClose={() => setAsking(false)} onErased={onErased} />}
    </section>
  )
}

function EraseDialog({ member, onClose, onErased }: { member: MemberDetail; onClose: () => void; onErased: () => void }) {
  const messages = useMessages()
  const words = usePersonalWords()
  const form = useId()
  const request = useRequestId()
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await api.byHand(member.id, 'erase', { id: request.of(why), why })
      onClose()
      onErased()
    } catch (problem) {
      setError(asError(problem))
      setBusy(false)
    }
  }
  const parts = member.merged.map((one) => one.member).join(', ')
  return (
    <Dialog
      title={words.asks(member.id)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button kind="danger" type="submit" form={form} disabled={busy}>{words.submit}</Button>
        </>
      }
    >
      {error && <ErrorNote error={error} />}
      <div className="note note-error">
        <b>{words.goes}</b>
        <ul>{words.gone.map((one) => <li key={one}>{one}</li>)}</ul>
        {parts !== '' && <p>{words.parts(parts)}</p>}
      </div>
      <p className="page-note">{words.stays}</p>
      <form id={form} className="form-grid" onSubmit={submit}>
        <LongField label={words.why} hint={words.whyHint} required value={why} onChange={setWhy} />
      </form>
    </Dialog>
  )
}
