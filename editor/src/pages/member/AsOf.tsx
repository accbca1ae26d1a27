import { useId, useState, type FormEvent } from 'react'
import { navigate } from '../../app/router'
import { useZone } from '../../app/zone'
import { Button, ButtonLink } from '../../components/Button'
import { Said } from '../../components/DayField'
import { ErrorNote } from '../../components/ErrorNote'
import { Time } from '../../components/Time'
import { ApiError } from '../../core/api'
import { fromLocal, toLocal } from '../../core/instant'
import { memberAddress, type Looking } from './address'
import { useAsOfWords } from './as-of-words'

interface AsOfProps {
  id: string
  looking: Looking
}

/** Says that the page shows the member as it was, and leads back to now; nothing on a page of now. */
export function AsOfBanner({ id, looking }: AsOfProps) {
  const words = useAsOfWords()
  if (looking.asOf === '' && looking.knownAt === '') return null
  return (
    <div className="note as-of-banner" role="status">
      <p>
        <b>{words.title} {looking.asOf === '' ? words.now : <Time at={looking.asOf} />}</b>
        {looking.knownAt !== '' && <>{words.comma}{words.known} <Time at={looking.knownAt} /></>}
        <br /><span className="small">{words.left}</span>
      </p>
      <ButtonLink small href={memberAddress(id, { ...looking, asOf: '', knownAt: '' })}>{words.back}</ButtonLink>
    </div>
  )
}

/** An instant as of which the member is wanted, and behind it, up to when what was recorded counts. */
export function AsOfForm({ id, looking }: AsOfProps) {
  const words = useAsOfWords()
  const zone = useZone() ?? 'UTC'
  const [asOf, setAsOf] = useState(toLocal(looking.asOf, zone) ?? '')
  const [knownAt, setKnownAt] = useState(toLocal(looking.knownAt, zone) ?? '')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    navigate(memberAddress(id, { ...looking, asOf: fromLocal(asOf, zone) ?? '', knownAt: fromLocal(knownAt, zone) ?? '' }))
  }
  return (
    <details className="card filters as-of">
      <summary>{words.title}</summary>
      <form className="filters" onSubmit={submit}>
        <Moment label={words.at} value={asOf} onChange={setAsOf} required={knownAt === ''} />
        <Button type="submit" kind="primary">{words.show}</Button>
        <details open={knownAt !== ''}>
          <summary>{words.knownTitle}</summary>
          <p className="page-note">{words.knownHint}</p>
          <Moment label={words.knownAt} value={knownAt} onChange={setKnownAt} />
        </details>
      </form>
    </details>
  )
}

function Moment({ label, value, required = false, onChange }: { label: string; value: string; required?: boolean; onChange: (value: string) => void }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="datetime-local" className="input" required={required} step={value === '' || value.endsWith(':00') ? 60 : 1} value={value}
        aria-describedby={`${id}-said`} onChange={(event) => onChange(event.target.value)} />
      <Said id={`${id}-said`} value={value} />
    </div>
  )
}

/** Why there is nothing to show of an instant. */
export function NothingThen({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const words = useAsOfWords()
  const status = error instanceof ApiError ? error.status : 0
  const said = status === 404 ? words.early : status === 422 ? words.future : null
  return said === null ? <ErrorNote error={error} onRetry={onRetry} /> : <p className="note note-error" role="alert">{said}</p>
}
