import { Link } from '../../app/router'
import { Time, useNumber } from '../../components/Time'
import { useLanguage } from '../../core/language'
import type { Day, Today } from './answers'
import { decisionsOf } from './days'
import { useWords } from './words'

/** The rules that fired most today, each with its decisions. */
export function TopRules({ rules, now }: { rules: Today['rules']; now: Day }) {
  const words = useWords()
  const number = useNumber()
  const { pick } = useLanguage()
  return (
    <section className="card" aria-labelledby="hm-rules">
      <div className="card-head"><h2 id="hm-rules">{words.rules}</h2><p>{words.rulesLead}</p></div>
      {rules.length === 0 && <p className="quiet">{words.noRules}</p>}
      <ol className="hm-lines hm-counted">
        {rules.map((one) => (
          <li key={one.rule}>
            <Link href={decisionsOf(now, { rule: one.rule, outcome: 'fired' })}>{pick(one.name) || one.rule}</Link>
            <b>{words.times(number(one.fired))}</b>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What the person has begun and not submitted; nothing where there is none. */
export function Drafts({ drafts }: { drafts: Today['drafts'] }) {
  const words = useWords()
  const { pick } = useLanguage()
  if (drafts.length === 0) return null
  return (
    <section className="card" aria-labelledby="hm-drafts">
      <div className="card-head"><h2 id="hm-drafts">{words.drafts}</h2><p>{words.draftsLead}</p></div>
      <ul className="hm-lines">
        {drafts.map((one) => (
          <li key={one.rule}>
            <Link href={`/rules/${encodeURIComponent(one.rule)}`}>{pick(one.name) || one.rule}</Link>
            <span className="quiet small">{words.changed} <Time at={one.changed_at} /></span>
          </li>
        ))}
      </ul>
    </section>
  )
}
