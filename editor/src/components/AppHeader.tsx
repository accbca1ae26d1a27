import { Link } from '../app/router'
import { useSession } from '../app/session'
import { api } from '../core/api'
import { useMessages } from '../messages'
import { Button } from './Button'
import { LanguageSwitch } from './LanguageSwitch'

const PLACES = ['rules', 'members', 'decisions', 'tasks', 'replays', 'outbox', 'definitions'] as const

export function AppHeader({ path }: { path: string }) {
  const messages = useMessages()
  const session = useSession()
  const leave = () => {
    // Whether or not the server heard it, the next page asks who this is.
    void api.signOut().catch(() => undefined).then(() => location.assign('/login'))
  }
  return (
    <header className="header">
      <div className="header-inner">
        <Link href="/rules" className="brand">
          <img src="/static/icon.svg" alt="" width="26" height="26" />
          {messages.product}
        </Link>
        <nav aria-label={messages.nav.label} className="nav">
          {PLACES.map((place) => (
            <Link key={place} href={`/${place}`} aria-current={path === `/${place}` || path.startsWith(`/${place}/`) ? 'page' : undefined}>
              {messages.nav[place]}
            </Link>
          ))}
        </nav>
        <div className="header-end">
          <LanguageSwitch />
          <span className="who">
            <b>{session.name}</b>
            <span>{messages.roles[session.role]}</span>
          </span>
          <Button kind="quiet" small onClick={leave}>{messages.signOut}</Button>
        </div>
      </div>
    </header>
  )
}
