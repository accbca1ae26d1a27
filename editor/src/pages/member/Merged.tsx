import { Link } from '../../app/router'
import { Time } from '../../components/Time'
import type { MemberDetail } from '../../core/api'
import { useWords } from './words'

/** Who became a part of this member: when, by whom, and why. */
export function Merged({ member }: { member: MemberDetail }) {
  const { merged: words } = useWords()
  if (member.merged.length === 0) return null
  return (
    <section className="card" aria-labelledby="merged">
      <h2 id="merged">{words.title}</h2>
      {member.asked_for !== member.id && <p className="note">{words.askedFor(member.asked_for, member.id)}</p>}
      <ul className="items">
        {member.merged.map((one) => (
          <li key={one.member}>
            <span className="mono">{one.member}</span>
            {one.into !== member.id && <> → <span className="mono">{one.into}</span></>}
            <p className="holder">
              {one.by} · <Link href={`/decisions/${one.sequence}`}><Time at={one.at} /></Link>{one.reason && <> · {one.reason}</>}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
