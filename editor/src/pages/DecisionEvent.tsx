import { capital, useNames } from '../app/names'
import { Link } from '../app/router'
import { browserZone, Time } from '../components/Time'
import { useValueText } from '../components/TraceTree'
import { useLoading } from '../app/loading'
import { api, type DecisionDetail } from '../core/api'
import { useMessages } from '../messages'

/** What was decided on, and the chain of digests that shows it was not changed since. */
export function DecisionEvent({ decision }: { decision: DecisionDetail }) {
  const messages = useMessages()
  const { decision: words } = messages
  const said = useValueText()
  const names = useNames()
  // A decision does not say the member's zone; until the member is known, times wait.
  const member = useLoading(decision.member, () => api.member(decision.member))
  const zone = member.data?.zone
  const { event } = decision
  const properties = Object.entries(event.properties)
  return (
    <div className="stack">
      <section className="card" aria-labelledby="event">
        <h2 id="event">{words.event}</h2>
        <dl className="pairs">
          <dt>{words.member}</dt><dd><Link href={`/members/${encodeURIComponent(decision.member)}`}>{decision.member}</Link></dd>
          <dt>{messages.decisions.event}</dt><dd>{event.name}</dd>
          <dt>{words.occurred}</dt><dd><Time at={event.occurred_at} zone={zone} /></dd>
          <dt>{words.recorded}</dt><dd><Time at={event.recorded_at} zone={zone} /></dd>
          <dt>{words.asOf}</dt><dd><Time at={decision.as_of} zone={zone} /></dd>
          <dt>{words.mode}</dt><dd>{event.mode}</dd>
          <dt>{words.sequence}</dt><dd>{event.sequence}</dd>
        </dl>
        <p className="page-note">{zone ? messages.zoneNote(zone) : messages.browserZoneNote(browserZone())}</p>
      </section>
      <section className="card" aria-labelledby="properties">
        <h2 id="properties">{words.properties}</h2>
        {properties.length === 0 ? <p className="quiet">{words.noProperties}</p> : (
          <dl className="pairs">
            {properties.map(([name, value]) => <div key={name} className="pair"><dt title={name}>{capital(names.property(name))}</dt><dd>{said(value)}</dd></div>)}
          </dl>
        )}
      </section>
      <section className="card" aria-labelledby="proof">
        <h2 id="proof">{words.proof}</h2>
        <p className="quiet small">{words.proofNote}</p>
        <dl className="stack-pairs">
          <dt>{words.digest}</dt><dd className="digest">{decision.digest}</dd>
          <dt>{words.previous}</dt><dd className="digest">{decision.previous_digest ?? words.firstOne}</dd>
          <dt>{words.revision}</dt><dd>{decision.revision}</dd>
        </dl>
      </section>
    </div>
  )
}
