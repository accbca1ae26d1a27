import { capital } from '../app/names'
import { Link } from '../app/router'
import { useProperties } from '../components/Properties'
import { Time, ZoneNote } from '../components/Time'
import type { DecisionDetail } from '../core/api'
import { useLanguage } from '../core/language'
import { usePageMessages } from './messages'

/** What was decided on, and the chain of digests that shows it was not changed since. */
export function DecisionEvent({ decision, memberZone }: { decision: DecisionDetail; memberZone: string | undefined }) {
  const messages = usePageMessages()
  const { decision: words } = messages
  const { pick } = useLanguage()
  const { event } = decision
  const properties = useProperties(event)
  return (
    <div className="stack">
      <section className="card" aria-labelledby="event">
        <h2 id="event">{words.event}</h2>
        <dl className="pairs">
          <dt>{words.member}</dt><dd><Link href={`/members/${encodeURIComponent(decision.member)}`}>{decision.member}</Link></dd>
          <dt>{messages.decisions.event}</dt><dd title={event.name}>{capital(pick(event.label) || event.name)}</dd>
          <dt>{words.occurred}</dt><dd><Time at={event.occurred_at} /></dd>
          <dt>{words.recorded}</dt><dd><Time at={event.recorded_at} /></dd>
          <dt>{words.asOf}</dt><dd><Time at={decision.as_of} /></dd>
          <dt>{words.mode}</dt><dd>{messages.modes[event.mode]}</dd>
          <dt>{words.sequence}</dt><dd>{event.sequence}</dd>
        </dl>
        {memberZone === undefined ? <ZoneNote /> : <p className="page-note">{messages.zoneNote(memberZone)}</p>}
      </section>
      <section className="card" aria-labelledby="properties">
        <h2 id="properties">{words.properties}</h2>
        {properties.length === 0 ? <p className="quiet">{words.noProperties}</p> : (
          <dl className="pairs">
            {properties.map(({ key, label, text, value }) => <div key={key} className="pair"><dt title={key}>{capital(label)}</dt><dd title={value}>{text}</dd></div>)}
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
