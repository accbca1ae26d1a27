import './settings.css'
import { useEffect } from 'react'
import { LanguageSwitch } from '../../components/LanguageSwitch'
import { ThemeSwitch } from '../../components/ThemeSwitch'
import type { Session } from '../../core/api'
import { useMessages } from '../../messages'
import { Password } from './Password'
import { useWords } from './words'

/** What somebody sees first who signed in with a password that an administrator gave. */
export function FirstPassword({ session, onDone }: { session: Session; onDone: (session: Session) => void }) {
  const messages = useMessages()
  const { first } = useWords()
  useEffect(() => {
    document.title = `${first.title} · ${messages.product}`
  }, [first, messages])
  return (
    <main className="login" id="content">
      <div className="card login-card">
        <div className="login-top">
          <span className="brand"><img src="/static/icon.svg" alt="" width="26" height="26" />{messages.product}</span>
          <span className="login-switches"><LanguageSwitch /><ThemeSwitch /></span>
        </div>
        <div>
          <h1>{first.title}</h1>
          <p className="lead">{first.lead}</p>
        </div>
        <Password name={session.name} onChanged={onDone} />
      </div>
    </main>
  )
}
