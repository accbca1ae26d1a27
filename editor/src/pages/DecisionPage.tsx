import { useState } from 'react'
import { asError, useLoading } from '../app/loading'
import { capital } from '../app/names'
import { Link, navigate } from '../app/router'
import { useMay } from '../app/session'
import { useZone, ZoneProvider } from '../app/zone'
import { Busy } from '../components/Busy'
import { Button } from '../components/Button'
import { ErrorNote } from '../components/ErrorNote'
import { PageFrame } from '../components/PageFrame'
import { api, type DecisionDetail } from '../core/api'
import { saidIn, useLanguage } from '../core/language'
import { usePageMessages } from './messages'
import { memberAddress } from './member/address'
import { DecisionEvent } from './DecisionEvent'
import { DecisionOutcome } from './DecisionOutcome'

function Decision({ decision }: { decision: DecisionDetail }) {
  const { decision: words } = usePageMessages()
  const { language } = useLanguage()
  const zone = useZone()
  // A decision does not say the member's zone; until the member is known, times are in the programme's.
  const member = useLoading(decision.member, () => api.member(decision.member)).data
  const sentences = saidIn(decision.explanation, language) ?? decision.explanation.en ?? []
  // What happened comes first; rules that did not match follow in their order.
  const outcomes = [...decision.outcomes].sort((a, b) => Number(b.effects.length > 0) - Number(a.effects.length > 0))
  return (
    <ZoneProvider value={member?.zone ?? zone}>
      <div className="decision-grid">
        <div className="stack">
          {sentences.length > 0 && (
            <section className="card" aria-labelledby="explanation">
              <h2 id="explanation">{words.explanation}</h2>
              <div className="explanation">{sentences.map((sentence, index) => <p key={index}>{sentence}</p>)}</div>
            </section>
          )}
          <section className="card" aria-labelledby="outcomes">
            <h2 id="outcomes">{words.outcomes}</h2>
            {outcomes.length === 0 && <p className="quiet">{words.noOutcomes}</p>}
            {outcomes.map((outcome, index) => <DecisionOutcome key={index} outcome={outcome} />)}
            <p className="small"><Link href={memberAddress(decision.member, { why: '', at: decision.as_of })}>{words.whyNot}</Link></p>
          </section>
        </div>
        <DecisionEvent decision={decision} memberZone={member?.zone} />
      </div>
    </ZoneProvider>
  )
}

export function DecisionPage({ id }: { id: string }) {
  const messages = usePageMessages()
  const { decision: words } = messages
  const { pick } = useLanguage()
  const may = useMay()
  const { data, error, reload } = useLoading(id, () => api.decision(id))
  const [starting, setStarting] = useState(false)
  const [failed, setFailed] = useState<Error | null>(null)
  const replay = async (member: string) => {
    setStarting(true)
    try {
      const started = await api.startReplay({ member })
      navigate(`/replays?id=${encodeURIComponent(started.id)}&member=${encodeURIComponent(member)}`)
    } catch (problem) {
      setFailed(asError(problem))
      setStarting(false)
    }
  }
  return (
    <PageFrame
      title={data ? words.title(capital(pick(data.label) || data.name)) : messages.decisions.title}
      lead={data && <Link href={`/members/${encodeURIComponent(data.member)}`}>{data.member}</Link>}
      back={<Link href="/decisions">← {messages.backTo(messages.decisions.title)}</Link>}
      actions={data && may.replay && (
        <Button kind="primary" disabled={starting} onClick={() => void replay(data.member)}>{words.replay}</Button>
      )}
    >
      {failed && <ErrorNote error={failed} />}
      {error && <ErrorNote error={error} onRetry={reload} />}
      {!data && !error && <Busy />}
      {data && <Decision decision={data} />}
    </PageFrame>
  )
}
