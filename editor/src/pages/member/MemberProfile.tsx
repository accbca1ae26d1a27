import { capital, useNames } from '../../app/names'
import { useValueText } from '../../components/TraceTree'
import { Time, useNumber } from '../../components/Time'
import type { MemberDetail } from '../../core/api'
import { usePageMessages } from '../messages'
import { useAsOfWords } from './as-of-words'
import { useWords } from './words'

/** When an attribute was last told, and by whom. */
function Told({ member, name }: { member: MemberDetail; name: string }) {
  const words = useWords()
  const told = member.told[name]
  return told ? <p className="holder">{words.told(told.source)} · <Time at={told.at} /></p> : null
}

export function MemberProfile({ member }: { member: MemberDetail }) {
  const { member: words } = usePageMessages()
  const said = useValueText()
  const number = useNumber()
  const names = useNames()
  const asOf = useAsOfWords()
  const personal = Object.entries(member.personal)
  return (
    <>
      <section className="card" aria-labelledby="profile">
        <h2 id="profile">{words.profile}</h2>
        <dl className="pairs">
          <dt>{words.joined}</dt><dd><Time at={member.joined_at} /></dd>
          <dt>{words.events}</dt><dd>{number(member.events)}</dd>
          {Object.entries(member.attributes).map(([name, value]) => (
            <div key={name} className="pair"><dt title={name}>{capital(names.attribute(name))}</dt><dd>{said(value)}<Told member={member} name={name} /></dd></div>
          ))}
        </dl>
      </section>
      <section className="card" aria-labelledby="personal">
        <h2 id="personal">{words.personal}</h2>
        {personal.length === 0 ? <p className="quiet">{words.noPersonal}</p> : (
          <dl className="pairs">
            {personal.map(([name, value]) => (
              <div key={name} className="pair"><dt title={name}>{capital(names.attribute(name))}</dt><dd><span className="mono">{value}</span><Told member={member} name={name} /></dd></div>
            ))}
          </dl>
        )}
        <p className="page-note">{member.as_of === undefined ? words.personalNote : asOf.personal}</p>
      </section>
    </>
  )
}
