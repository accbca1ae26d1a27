import './home.css'
import { lazy, Suspense, useEffect } from 'react'
import { useLoading } from '../../app/loading'
import { Busy } from '../../components/Busy'
import { ErrorNote } from '../../components/ErrorNote'
import { PageFrame } from '../../components/PageFrame'
import { ZoneNote } from '../../components/Time'
import { useLanguage } from '../../core/language'
import { today, type Today } from './answers'
import { dayText } from './days'
import { Drafts, TopRules } from './Lists'
import { Figures } from './Figures'
import { Fresh } from './Fresh'
import { NeedsYou } from './NeedsYou'
import { useWords } from './words'

// The chart brings its library along; everything else is there before it.
const Days = lazy(async () => ({ default: (await import('./Days')).Days }))

const SOON_MS = 1500
const AGAIN_MS = 60_000

/** How the programme is today: what needs somebody first, then what happened, and the days before. */
export function HomePage() {
  const words = useWords()
  const { language } = useLanguage()
  const { data, error, reload } = useLoading('today', today)
  const complete = data?.complete ?? true
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload()
    }, complete ? AGAIN_MS : SOON_MS)
    return () => clearInterval(timer)
  }, [complete, reload])
  return (
    <PageFrame title={words.title} lead={data ? words.lead(dayText(data.date, language, true)) : undefined}>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data && <Told told={data} />}
    </PageFrame>
  )
}

function Told({ told }: { told: Today }) {
  const words = useWords()
  const now = told.days.at(-1)
  if (now === undefined) return null
  return (
    <div className="stack">
      {!told.complete && <p className="note" role="status">{words.notComplete}</p>}
      {!told.started && <Fresh />}
      {(told.started || told.needs.approvals.count > 0) && <NeedsYou needs={told.needs} />}
      {told.started && <Figures told={told} now={now} />}
      {told.started && (
        <div className="hm-columns">
          <Suspense fallback={<section className="card hm-days"><h2>{words.days}</h2><Busy /></section>}>
            <Days days={told.days} />
          </Suspense>
          <div className="stack">
            <TopRules rules={told.rules} now={now} />
            <Drafts drafts={told.drafts} />
          </div>
        </div>
      )}
      {!told.started && <Drafts drafts={told.drafts} />}
      {told.started && <ZoneNote />}
    </div>
  )
}
