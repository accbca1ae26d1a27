import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { Time, useNumber } from '../../components/Time'
import type { LevelHeld, MembershipHeld } from '../../core/api'
import { useLanguage } from '../../core/language'
import { capital } from '../../app/names'
import { useWords } from './words'

/** Where the member stands on each ladder, and how much is missing to the next level. */
export function Levels({ levels, onSet }: { levels: readonly LevelHeld[]; onSet?: () => void }) {
  const words = useWords()
  const { pick } = useLanguage()
  const number = useNumber()
  if (levels.length === 0) return null
  return (
    <section className="card" aria-labelledby="levels">
      <div className="card-head">
        <h2 id="levels">{words.levels}</h2>
        {onSet && <Button small className="head-end" onClick={onSet}>{words.hand.level}</Button>}
      </div>
      <ul className="items">
        {levels.map((one) => (
          <li key={one.ladder}>
            <div className="row">
              <span title={one.ladder}>{capital(pick(one.name) || one.ladder)}</span>
              {one.tier === null
                ? <span className="quiet">{words.below}</span>
                : <Chip tone="amber" title={one.tier}>{capital(pick(one.tier_name) || one.tier)}</Chip>}
              {one.in_grace && <Chip tone="red">{words.grace}</Chip>}
            </div>
            {one.since && (
              <p className="holder">
                {words.since} <Time at={one.since} />{one.until && <> · {words.until} <Time at={one.until} /></>}
                {one.set_by_hand && <> · {words.byHand}</>}
              </p>
            )}
            <p className="holder">{one.next
              ? words.toNext(number(Number(one.next.missing)), capital(pick(one.next.name) || one.next.tier))
              : one.tier !== null && words.top}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Memberships({ memberships, onChange }: { memberships: readonly MembershipHeld[]; onChange?: () => void }) {
  const words = useWords()
  const { pick } = useLanguage()
  if (memberships.length === 0 && onChange === undefined) return null
  return (
    <section className="card" aria-labelledby="memberships">
      <div className="card-head">
        <h2 id="memberships">{words.memberships}</h2>
        {onChange && <Button small className="head-end" onClick={onChange}>{words.hand.membership}</Button>}
      </div>
      {memberships.length === 0 && <p className="quiet">{words.noMemberships}</p>}
      <ul className="items">
        {memberships.map((one) => (
          <li key={one.membership}>
            <b title={one.membership}>{capital(pick(one.name) || one.membership)}</b>
            <p className="holder">{words.since} <Time at={one.since} /> · {words.until} <Time at={one.until} /></p>
          </li>
        ))}
      </ul>
    </section>
  )
}
