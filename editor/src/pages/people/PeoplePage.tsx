import './people.css'
import { useLoading } from '../../app/loading'
import { Link } from '../../app/router'
import { useMay } from '../../app/session'
import { Busy } from '../../components/Busy'
import { EmptyState } from '../../components/EmptyState'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { ZoneNote } from '../../components/Time'
import { administrators } from './api'
import { Keys } from './Keys'
import { People } from './People'
import { useWords } from './words'

/** Who signs in, and which systems may call; for administrators. */
export function PeoplePage({ view }: { view: string }) {
  const words = useWords()
  const may = useMay()
  const keys = view === 'keys'
  if (!may.administer) return <PageFrame title={words.title} lead={words.lead}><WhoCanHelp /></PageFrame>
  return (
    <PageFrame title={words.title} lead={words.lead}>
      <nav className="tabs" aria-label={words.title}>
        <Link href="/people" aria-current={keys ? undefined : 'page'}>{words.views.people}</Link>
        <Link href="/people?view=keys" aria-current={keys ? 'page' : undefined}>{words.views.keys}</Link>
      </nav>
      {keys ? <Keys /> : <People />}
      <ZoneNote />
    </PageFrame>
  )
}

function WhoCanHelp() {
  const words = useWords()
  const { data, error, reload } = useLoading('administrators', administrators)
  if (error) return <ErrorNote error={error} onRetry={reload} />
  if (data === null) return <Busy />
  return <EmptyState title={words.forbidden} text={words.forbiddenText(data.items.join(', '))} />
}
