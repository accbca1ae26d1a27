import { capital } from '../../app/names'
import { Link } from '../../app/router'
import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { Time, useNumber } from '../../components/Time'
import type { MemberDetail, TagHeld } from '../../core/api'
import { useLanguage } from '../../core/language'
import { usePageMessages } from '../messages'
import { useWords } from './words'

/** Who holds a tag: a rule (`rule:<key>`) is a link by its name, anything else is said as it is. */
function HolderName({ of: { holder, name } }: { of: TagHeld['holders'][number] }) {
  const { pick } = useLanguage()
  const rule = /^rule:(.+)$/.exec(holder)?.[1]
  return rule === undefined ? <>{holder}</> : <Link href={`/rules/${encodeURIComponent(rule)}`} title={rule}>{pick(name) || rule}</Link>
}

export function MemberHoldings({ member, onTag, onUntag }: { member: MemberDetail; onTag?: () => void; onUntag?: (tag: TagHeld) => void }) {
  const { member: words } = usePageMessages()
  const { pick } = useLanguage()
  const number = useNumber()
  const { hand, segments } = useWords()
  return (
    <>
      <section className="card" aria-labelledby="tags">
        <div className="card-head"><h2 id="tags">{words.tags}</h2>{onTag && <Button small className="head-end" onClick={onTag}>{hand.tag}</Button>}</div>
        {member.tags.length === 0 && <p className="quiet">{words.noTags} {words.noTagsText}</p>}
        <ul className="items">
          {member.tags.map((tag) => (
            <li key={tag.tag}>
              <div className="row">
                <Chip tone="blue" title={tag.tag}>{pick(tag.name) || tag.tag}</Chip>
                {onUntag && <Button small kind="quiet" className="head-end" aria-label={hand.untagLabel(pick(tag.name) || tag.tag)} onClick={() => onUntag(tag)}>{hand.untag}</Button>}
              </div>
              {tag.holders.map((holder) => (
                <p key={holder.holder} className="holder">
                  {words.by} <HolderName of={holder} /> · {words.since} <Time at={holder.since} />
                  {holder.expires_at && <> · {words.until} <Time at={holder.expires_at} /></>}
                  {holder.why && <> · {holder.why}</>}
                </p>
              ))}
            </li>
          ))}
        </ul>
      </section>
      {member.segments.length > 0 && (
        <section className="card" aria-labelledby="segments">
          <h2 id="segments">{segments}</h2>
          <ul className="items">
            {member.segments.map((one) => (
              <li key={one.segment}>
                <Chip title={one.segment}>{pick(one.name) || one.segment}</Chip>
                <p className="holder">{words.since} <Time at={one.since} /></p>
              </li>
            ))}
          </ul>
        </section>)}
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
