import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { AppHeader } from '../components/AppHeader'
import { ErrorNote } from '../components/ErrorNote'
import { Busy } from '../components/Busy'
import { api, type Session } from '../core/api'
import { useMessages } from '../messages'
import { LoginPage } from '../pages/LoginPage'
import { asError } from './loading'
import { navigate, useAddress } from './router'
import { SessionContext } from './session'

// The editor carries the form library, and is opened without waiting for the other pages' script; and so they for its.
const RuleEditorPage = lazy(async () => ({ default: (await import('../rule-editor')).RuleEditorPage }))
const loadPages = () => import('../pages')
const DecisionPage = lazy(async () => ({ default: (await loadPages()).DecisionPage }))
const DecisionsPage = lazy(async () => ({ default: (await loadPages()).DecisionsPage }))
const DefinitionsPage = lazy(async () => ({ default: (await loadPages()).DefinitionsPage }))
const MemberPage = lazy(async () => ({ default: (await loadPages()).MemberPage }))
const MembersPage = lazy(async () => ({ default: (await loadPages()).MembersPage }))
const NotFoundPage = lazy(async () => ({ default: (await loadPages()).NotFoundPage }))
const OutboxPage = lazy(async () => ({ default: (await loadPages()).OutboxPage }))
const ReplaysPage = lazy(async () => ({ default: (await loadPages()).ReplaysPage }))
const TasksPage = lazy(async () => ({ default: (await loadPages()).TasksPage }))
// Opened by who looks after the tags, and by few others.
const TagsPage = lazy(async () => ({ default: (await import('../pages/tags/TagsPage')).TagsPage }))
const RulesPage = lazy(async () => ({ default: (await loadPages()).RulesPage }))

// Opened by who begins a rule with one that is there.
const LibraryPage = lazy(async () => ({ default: (await import('../pages/library/LibraryPage')).LibraryPage }))
const LibraryRulePage = lazy(async () => ({ default: (await import('../pages/library/LibraryRulePage')).LibraryRulePage }))

// The first page that people see: alone, so that it waits for nothing else.
const HomePage = lazy(async () => ({ default: (await import('../pages/home/HomePage')).HomePage }))

// Opened by who sends to many at once, and by few others.
const BroadcastsPage = lazy(async () => ({ default: (await import('../pages/broadcasts/BroadcastsPage')).BroadcastsPage }))

// Opened by administrators, and by few others.
const PeoplePage = lazy(async () => ({ default: (await import('../pages/people/PeoplePage')).PeoplePage }))
const SettingsPage = lazy(async () => ({ default: (await import('../pages/settings/SettingsPage')).SettingsPage }))
const FirstPassword = lazy(async () => ({ default: (await import('../pages/settings/FirstPassword')).FirstPassword }))

// Opened by auditors, and by few others.
const ChangesPage = lazy(async () => ({ default: (await import('../pages/changes/ChangesPage')).ChangesPage }))
const ProofPage = lazy(async () => ({ default: (await import('../pages/proof/ProofPage')).ProofPage }))

// Looked at now and then: apart from the pages that everybody opens.
const loadFigures = () => import('../pages/figures')
const CampaignPage = lazy(async () => ({ default: (await loadFigures()).CampaignPage }))
const CampaignsPage = lazy(async () => ({ default: (await loadFigures()).CampaignsPage }))
const FiguresPage = lazy(async () => ({ default: (await loadFigures()).FiguresPage }))
const SettlementPage = lazy(async () => ({ default: (await loadFigures()).SettlementPage }))

function pageAt(path: string, search: URLSearchParams): ReactNode {
  if (path === '/') return <HomePage />
  if (path === '/rules') return <RulesPage />
  if (path === '/rules/new') return <RuleEditorPage key="new" ruleKey={null} />
  if (path === '/library') return <LibraryPage />
  if (path === '/members') return <MembersPage />
  if (path === '/decisions') return <DecisionsPage />
  if (path === '/replays') return <ReplaysPage member={search.get('member') ?? ''} id={search.get('id')} />
  if (path === '/tasks') return <TasksPage />
  if (path === '/campaigns') return <CampaignsPage />
  if (path === '/broadcasts') return <BroadcastsPage />
  if (path === '/figures') return <FiguresPage />
  if (path === '/settlement') return <SettlementPage />
  if (path === '/tags') return <TagsPage view={search.get('view') ?? ''} />
  if (path === '/people') return <PeoplePage view={search.get('view') ?? ''} />
  if (path === '/settings') return <SettingsPage />
  if (path === '/changes') return <ChangesPage />
  if (path === '/proof') return <ProofPage />
  if (path === '/outbox') return <OutboxPage asked={search.get('status') ?? ''} />
  if (path === '/definitions') return <DefinitionsPage kind={search.get('kind') ?? 'tags'} />
  const [, kind, rest] = /^\/(rules|library|members|decisions|campaigns)\/(.+)$/.exec(path) ?? []
  if (rest !== undefined) {
    const key = decodeURIComponent(rest)
    if (kind === 'rules') return <RuleEditorPage key={key} ruleKey={key} asked={search.has('publish') ? 'publish' : search.has('submit') ? 'submit' : null} />
    if (kind === 'library') return <LibraryRulePage key={key} id={key} />
    if (kind === 'campaigns') return <CampaignPage key={key} id={key} />
    if (kind === 'members') return <MemberPage key={key} id={key} />
    return <DecisionPage key={key} id={key} />
  }
  return <NotFoundPage />
}

function SignedIn({ path, search }: { path: string; search: URLSearchParams }) {
  const [session, setSession] = useState<Session | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const messages = useMessages()
  useEffect(() => {
    let current = true
    api.session().then(
      (found) => current && setSession(found),
      (problem: unknown) => current && setError(asError(problem)),
    )
    return () => {
      current = false
    }
  }, [])
  if (error !== null) return <main className="page"><ErrorNote error={error} onRetry={() => location.reload()} /></main>
  if (session === null) return <Busy />
  if (session.temporary) return <Suspense fallback={<Busy />}><FirstPassword session={session} onDone={setSession} /></Suspense>
  return (
    <SessionContext.Provider value={session}>
      <a className="skip-link" href="#content">{messages.skipToContent}</a>
      <AppHeader path={path} />
      <Suspense fallback={<Busy />}>{pageAt(path, search)}</Suspense>
    </SessionContext.Provider>
  )
}

export function Studio() {
  const { path, search } = useAddress()
  if (path === '/login') {
    return <LoginPage next={search.get('next')} onDone={(to) => navigate(to, { replace: true })} />
  }
  return <SignedIn path={path} search={search} />
}
