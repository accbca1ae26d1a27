import { useEffect, useState, type FormEvent } from 'react'
import { asError } from '../app/loading'
import { Button } from '../components/Button'
import { adviceOf } from '../components/ErrorNote'
import { LanguageSwitch } from '../components/LanguageSwitch'
import { ThemeSwitch } from '../components/ThemeSwitch'
import { api, ApiError } from '../core/api'
import { useMessages } from '../messages'

/** Only a place of our own is gone to: `next` is part of an address that anybody may have written. */
export function ownPlace(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/'
}

export function LoginPage({ next, onDone }: { next: string | null; onDone: (to: string) => void }) {
  const messages = useMessages()
  const { login } = messages
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [working, setWorking] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  useEffect(() => {
    document.title = `${login.submit} · ${messages.product}`
  }, [login, messages])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setWorking(true)
    setError(null)
    try {
      await api.signIn(name, password)
      onDone(ownPlace(next))
    } catch (problem) {
      setError(asError(problem))
      setWorking(false)
    }
  }
  const wrong = error instanceof ApiError && error.status === 401
  return (
    <main className="login" id="content">
      <form className="card login-card" onSubmit={submit}>
        <div className="login-top">
          <span className="brand"><img src="/static/icon.svg" alt="" width="26" height="26" />{messages.product}</span>
          <span className="login-switches"><LanguageSwitch /><ThemeSwitch /></span>
        </div>
        <div>
          <h1>{login.title}</h1>
          <p className="lead">{login.lead}</p>
        </div>
        {error && <p className="note note-error" role="alert">{wrong ? login.wrong : adviceOf(error, messages)}</p>}
        <div className="field">
          <label htmlFor="login-name">{login.name}</label>
          <input id="login-name" className="input" autoComplete="username" autoCapitalize="none" required autoFocus value={name} onChange={(event) => setName(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="login-password">{login.password}</label>
          <input id="login-password" className="input" type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
        </div>
        <Button kind="primary" type="submit" disabled={working}>{working ? login.working : login.submit}</Button>
      </form>
    </main>
  )
}
