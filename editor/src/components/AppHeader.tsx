import { Link } from '../app/router'
import { useSession } from '../app/session'
import { api } from '../core/api'
import { useMessages } from '../messages'
import { Button } from './Button'
import { LanguageSwitch } from './LanguageSwitch'
import { addressOf, isAt, NavGroup, type Group, type Place } from './NavGroup'
import { ThemeSwitch } from './ThemeSwitch'

type Entry = Place | { group: Group; places: readonly Place[] }

const ENTRIES: readonly Entry[] = [
  'home',
  'rules',
  'library',
  { group: 'members', places: ['members', 'tags'] },
  { group: 'campaigns', places: ['campaigns', 'figures', 'settlement'] },
  { group: 'messages', places: ['broadcasts', 'outbox', 'tasks'] },
  { group: 'audit', places: ['decisions', 'replays', 'changes', 'proof'] },
  { group: 'setup', places: ['definitions', 'people', 'settings'] },
]

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
        <Link href="/" className="brand">
          <img src="/static/icon.svg" alt="" width="26" height="26" />
          {messages.product}
        </Link>
        <nav aria-label={messages.nav.label} className="nav">
          {ENTRIES.map((one) => (typeof one === 'string'
            ? <Link key={one} href={addressOf(one)} aria-current={isAt(path, one) ? 'page' : undefined}>{messages.nav[one]}</Link>
            : <NavGroup key={one.group} group={one.group} places={one.places} path={path} />))}
        </nav>
        <div className="header-end">
          <LanguageSwitch />
          <ThemeSwitch />
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
