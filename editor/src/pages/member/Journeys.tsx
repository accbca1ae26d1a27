import { RuleName } from '../../components/OutcomeLine'
import { Time } from '../../components/Time'
import type { Journey } from '../../core/api'
import { useLanguage } from '../../core/language'
import { usePageMessages } from '../messages'
import { useReachWords } from './reach-words'

/** The rules that the member is in the middle of: which step waits, for what, and what comes after it. */
export function Journeys({ journeys }: { journeys: readonly Journey[] }) {
  const { member: words } = usePageMessages()
  const { journey: said } = useReachWords()
  const { pick } = useLanguage()
  return (
    <section className="card" aria-labelledby="journeys">
      <h2 id="journeys">{words.journeys}</h2>
      {journeys.length === 0 && <p className="quiet">{words.noJourneys}</p>}
      <ul className="items">
        {journeys.map((one) => (
          <li key={`${one.rule} ${one.started_at}`}>
            <RuleName outcome={one} /> <span className="small quiet">{said.version(one.version)}</span>
            {one.step && <p className="small">{pick(one.step)}</p>}
            <p className="holder">{said[one.waits]} <Time at={one.next_at} />{one.then && <> · {said.then}: {pick(one.then)}</>}</p>
            <p className="holder">{words.started} <Time at={one.started_at} /></p>
          </li>
        ))}
      </ul>
    </section>
  )
}
