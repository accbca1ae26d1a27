import { capital } from '../app/names'
import { Link } from '../app/router'
import { Chip } from '../components/Chip'
import { Time, useNumber } from '../components/Time'
import type { CouponHeld, MemberDetail } from '../core/api'
import { useLanguage } from '../core/language'
import { useMessages } from '../messages'

/** Who holds a tag: a rule (`rule:<key>`) is a link, anything else is said as it is. */
function HolderName({ holder }: { holder: string }) {
  const rule = /^rule:(.+)$/.exec(holder)?.[1]
  return rule === undefined ? <>{holder}</> : <Link href={`/rules/${encodeURIComponent(rule)}`}>{rule}</Link>
}

function Coupons({ coupons }: { coupons: readonly CouponHeld[] }) {
  const { member: words } = useMessages()
  const { pick } = useLanguage()
  return (
    <ul className="items">
      {coupons.map((coupon) => (
        <li key={coupon.code}>
          <div className="row">
            <b>{pick(coupon.name) || coupon.coupon}</b>
            <Chip tone={coupon.state === 'issued' ? 'green' : 'grey'}>{words.couponStates[coupon.state] ?? coupon.state}</Chip>
          </div>
          <p className="holder mono">{coupon.code}</p>
          <p className="holder">
            {words.issued} <Time at={coupon.issued_at} /> · {coupon.expires_at
              ? <>{coupon.state === 'expired' ? words.expired : words.expires} <Time at={coupon.expires_at} /></>
              : words.noExpiry}
          </p>
        </li>
      ))}
    </ul>
  )
}

export function MemberHoldings({ member }: { member: MemberDetail }) {
  const { member: words } = useMessages()
  const { pick } = useLanguage()
  const number = useNumber()
  const expired = member.coupons.filter((one) => one.state === 'expired')
  return (
    <>
      <section className="card" aria-labelledby="tags">
        <h2 id="tags">{words.tags}</h2>
        {member.tags.length === 0 && <p className="quiet">{words.noTags} {words.noTagsText}</p>}
        <ul className="items">
          {member.tags.map((tag) => (
            <li key={tag.tag}>
              <Chip tone="blue" title={tag.tag}>{pick(tag.name) || tag.tag}</Chip>
              {tag.holders.map((holder) => (
                <p key={holder.holder} className="holder">
                  {words.by} <HolderName holder={holder.holder} /> · {words.since} <Time at={holder.since} />
                  {holder.expires_at && <> · {words.until} <Time at={holder.expires_at} /></>}
                </p>
              ))}
            </li>
          ))}
        </ul>
      </section>
      <section className="card" aria-labelledby="points">
        <h2 id="points">{words.points}</h2>
        <p className="figure-number">{number(member.points)}</p>
      </section>
      <section className="card" aria-labelledby="coupons">
        <h2 id="coupons">{words.coupons}</h2>
        {member.coupons.length === 0 && <p className="quiet">{words.noCoupons}</p>}
        <Coupons coupons={member.coupons.filter((one) => one.state === 'issued')} />
        {expired.length > 0 && (
          <details>
            <summary>{words.expiredCoupons(expired.length)}</summary>
            <Coupons coupons={expired} />
          </details>
        )}
      </section>
      <section className="card" aria-labelledby="journeys">
        <h2 id="journeys">{words.journeys}</h2>
        {member.journeys.length === 0 && <p className="quiet">{words.noJourneys}</p>}
        <ul className="items">
          {member.journeys.map((journey) => (
            <li key={`${journey.rule} ${journey.started_at}`}>
              <Link href={`/rules/${encodeURIComponent(journey.rule)}`}>{pick(journey.name) || journey.rule}</Link>
              <p className="holder">
                {words.started} <Time at={journey.started_at} /> · {words.next}{' '}
                {journey.next_at ? <Time at={journey.next_at} /> : words.nextUnknown}
              </p>
            </li>
          ))}
        </ul>
      </section>
      <section className="card" aria-labelledby="figures">
        <h2 id="figures">{words.figures}</h2>
        {member.figures.length === 0 && <p className="quiet">{words.noFigures}</p>}
        <ul className="items">
          {member.figures.map((figure) => (
            <li key={figure.event}>
              <div className="row"><b>{capital(pick(figure.label) || figure.event)}</b><Chip>{number(figure.count)}</Chip></div>
              <p className="holder">
                {words.first} <Time at={figure.first_at} /> · {words.last} <Time at={figure.last_at} />
              </p>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}
