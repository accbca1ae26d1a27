import { Button } from '../../components/Button'
import { Chip } from '../../components/Chip'
import { RuleName } from '../../components/OutcomeLine'
import { Time } from '../../components/Time'
import type { Consent, HeldMessage } from '../../core/api'
import { useLanguage } from '../../core/language'
import { capital } from '../../app/names'
import { useReachWords } from './reach-words'

/** Who said it, as people know them: somebody of the staff, the member by a link, or a system. */
function Said({ said }: { said: NonNullable<Consent['said']> }) {
  const words = useReachWords()
  const person = /^person:(.+)$/.exec(said.source)?.[1]
  const by = person !== undefined ? words.byPerson(person)
    : said.source === 'regulars:unsubscribe' ? words.byLink : words.bySystem(said.source)
  return <>{said.given ? words.agreed : words.objected} · {by} · <Time at={said.at} />{said.why && <> · {said.why}</>}</>
}

/** For each channel, whether marketing may be sent by it, and who said so, when, and why. */
export function Reach({ consent, onChange }: { consent: readonly Consent[]; onChange?: (one: Consent) => void }) {
  const words = useReachWords()
  const { pick } = useLanguage()
  return (
    <section className="card" aria-labelledby="reach">
      <h2 id="reach">{words.title}</h2>
      <ul className="items">
        {consent.map((one) => (
          <li key={one.channel}>
            <div className="row">
              <b>{capital(pick(one.name))}</b>
              <Chip tone={one.allowed ? 'green' : 'red'}>{one.allowed ? words.allowed : words.closed}</Chip>
              {onChange && (
                <Button small kind="quiet" className="head-end" aria-label={words.changeLabel(pick(one.name))} onClick={() => onChange(one)}>
                  {words.change}
                </Button>)}
            </div>
            <p className="holder">{one.said === null ? words.nothingSaid[one.policy] : <Said said={one.said} />}</p>
          </li>
        ))}
      </ul>
      <p className="page-note">{words.note}</p>
    </section>
  )
}

/** Messages that wait for the member's quiet hours to end. */
export function Waiting({ waiting }: { waiting: readonly HeldMessage[] }) {
  const words = useReachWords()
  const { pick } = useLanguage()
  if (waiting.length === 0) return null
  return (
    <section className="card" aria-labelledby="waiting">
      <h2 id="waiting">{words.waiting}</h2>
      <ul className="items">
        {waiting.map((one) => (
          <li key={one.id}>
            <b title={one.template}>{pick(one.template_name) || one.template}</b> <span className="quiet">{pick(one.channel_name)}</span>
            <p className="holder">{words.until} <Time at={one.until} /> · <RuleName outcome={{ rule: one.rule, name: one.rule_name }} /></p>
          </li>
        ))}
      </ul>
    </section>
  )
}
