import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { asError } from '../../app/loading'
import { Button } from '../../components/Button'
import { adviceOf } from '../../components/ErrorNote'
import { ApiError, type Session } from '../../core/api'
import { useMessages } from '../../messages'
import { changePassword } from './api'
import { useWords } from './words'

const LEAST = 12

/** Lets people change their own password. */
export function Password({ name, onChanged }: { name: string; onChanged: (session: Session) => void }) {
  const messages = useMessages()
  const { account: words } = useWords()
  const [old, setOld] = useState('')
  const [now, setNow] = useState('')
  const [again, setAgain] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const differs = again !== '' && again !== now
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const session = await changePassword(old, now)
      setOld('')
      setNow('')
      setAgain('')
      onChanged(session)
    } catch (problem) {
      setError(asError(problem))
    }
    setBusy(false)
  }
  const wrong = error instanceof ApiError && error.code === 'wrong-password'
  return (
    <form className="st-password" onSubmit={submit}>
      {error && <p className="note note-error" role="alert">{wrong ? words.wrong : adviceOf(error, messages)}</p>}
      {/* Browsers keep passwords by name. */}
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <Secret label={words.old} autoComplete="current-password" value={old} onChange={setOld} />
      <Secret label={words.now} hint={words.nowHint} autoComplete="new-password" least={LEAST} value={now} onChange={setNow} />
      <Secret label={words.again} hint={differs ? <span className="st-wrong">{words.differs}</span> : undefined} autoComplete="new-password" value={again} onChange={setAgain} />
      <Button type="submit" kind="primary" disabled={busy || differs || again === ''}>{words.change}</Button>
    </form>
  )
}

function Secret({ label, hint, least, autoComplete, value, onChange }: {
  label: string
  hint?: ReactNode
  least?: number
  autoComplete: string
  value: string
  onChange: (value: string) => void
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id} className="input" type="password" required minLength={least} maxLength={1024} autoComplete={autoComplete}
        aria-describedby={hint ? `${id}-hint` : undefined} value={value} onChange={(event) => onChange(event.target.value)}
      />
      {hint && <span id={`${id}-hint`} className="field-hint" aria-live="polite">{hint}</span>}
    </div>
  )
}
